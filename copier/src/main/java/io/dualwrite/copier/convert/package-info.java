/** How values of one side stand beside values of the other: pure, without connections. */
@NullMarked
package io.dualwrite.copier.convert;

import org.jspecify.annotations.NullMarked;
