/** The copier between real servers of every vendor. */
@NullMarked
package io.dualwrite.copying;

import org.jspecify.annotations.NullMarked;
