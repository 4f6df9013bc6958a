/** A TCP proxy before a database server that knows requests and answers: it counts them, delays them and breaks them. */
@NullMarked
package io.dualwrite.wire;

import org.jspecify.annotations.NullMarked;
