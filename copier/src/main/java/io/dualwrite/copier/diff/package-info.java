/** Finds rows that differ, in bounded memory, and makes them agree under the locks that the rules demand. */
@NullMarked
package io.dualwrite.copier.diff;

import org.jspecify.annotations.NullMarked;
