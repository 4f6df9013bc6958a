/** The registry of the running instances and their steps from rung to rung. */
@NullMarked
package io.dualwrite.fleet;

import org.jspecify.annotations.NullMarked;
