/**
 * What clients asked of a fleet on its way up and down the ladder, what they were told, and a checker that says whether that
 * can be true.
 */
@NullMarked
package io.dualwrite.histories;

import org.jspecify.annotations.NullMarked;
