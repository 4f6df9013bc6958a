/** Proposes which tables are Data A and which are Data B, from the catalogue and from statements that were logged. */
@NullMarked
package io.dualwrite.copier.propose;

import org.jspecify.annotations.NullMarked;
