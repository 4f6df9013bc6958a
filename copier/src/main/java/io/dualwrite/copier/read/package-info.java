/** The source's end of a run. {@link io.dualwrite.copier.read.Source} alone owns its connections. */
@NullMarked
package io.dualwrite.copier.read;

import org.jspecify.annotations.NullMarked;
