/** Where a statement runs: classification and rung in, route out; a pure table. */
@NullMarked
package io.dualwrite.route;

import org.jspecify.annotations.NullMarked;
