/**
 * Carries a write to both databases: legs, transactions, images, marks.
 *
 * <p>A write comes from {@code StatementWay} to {@link io.dualwrite.mirror.DualTransaction}, which pins the rung and hands it to
 * {@link io.dualwrite.mirror.MirroredWrite}. That runs it where it counts ({@link io.dualwrite.mirror.Capture}), and has
 * {@link io.dualwrite.mirror.Follower} bring its rows to the mirror ({@link io.dualwrite.mirror.Images}) on the {@link
 * io.dualwrite.mirror.Lane} of the other {@link io.dualwrite.mirror.Leg}; {@link io.dualwrite.mirror.TwoCommits} ends both
 * transactions, with {@link io.dualwrite.mirror.Marks} between. Where new's rows are the truth, old
 * still runs first, and is brought to what new has afterwards.
 */
@NullMarked
package io.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;
