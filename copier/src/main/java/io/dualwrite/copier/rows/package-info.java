/** Rows as one side has them, in key order or by key, in bounded memory: what both ends of a run have in common. */
@NullMarked
package io.dualwrite.copier.rows;

import org.jspecify.annotations.NullMarked;
