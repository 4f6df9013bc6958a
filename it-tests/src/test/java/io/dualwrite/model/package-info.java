/**
 * The proof's model: two databases with row locks, writers on any rung, readers, copier and repair, explored exhaustively.
 *
 * <p>Start with {@code Scenario} (what is put together), {@code Plan} (a transaction as atomic steps, as its rung has it) and
 * {@code Judge} (what must hold). {@code docs/proof.md} says what was found.
 */
@NullMarked
package io.dualwrite.model;

import org.jspecify.annotations.NullMarked;
