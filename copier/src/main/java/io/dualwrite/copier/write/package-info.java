/** Writes rows. {@link io.dualwrite.copier.write.Target} alone owns the target's connections. */
@NullMarked
package io.dualwrite.copier.write;

import org.jspecify.annotations.NullMarked;
