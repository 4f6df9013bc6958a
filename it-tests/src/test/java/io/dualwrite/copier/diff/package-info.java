/** A stand-in for a rule of the copier that the simulation takes out. */
@NullMarked
package io.dualwrite.copier.diff;

import org.jspecify.annotations.NullMarked;
