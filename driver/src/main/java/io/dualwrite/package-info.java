/** The front door: what an application configures. */
@NullMarked
package io.dualwrite;

import org.jspecify.annotations.NullMarked;
