/** Stand-ins for rules of the mirror that the simulation takes out. */
@NullMarked
package io.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;
