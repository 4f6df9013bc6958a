/** Carries a write to both databases: legs, transactions, images, marks. */
@NullMarked
package io.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;
