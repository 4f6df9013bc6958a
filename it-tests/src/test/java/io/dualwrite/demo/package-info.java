/** Whole runs of the demo. */
@NullMarked
package io.dualwrite.demo;

import org.jspecify.annotations.NullMarked;
