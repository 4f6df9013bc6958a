/** Every request that driver and copier make is broken in every way, and what is left of it is held against the promises. */
@NullMarked
package io.dualwrite.stepkill;

import org.jspecify.annotations.NullMarked;
