/**
 * Carries a write to both databases: legs, transactions, images, marks.
 *
 * <p>A write comes from {@code StatementWay} to {@link io.dualwrite.mirror.DualTransaction}, which pins the rung and hands it to
 * {@link io.dualwrite.mirror.MirroredWrite}. Where old's rows are the truth {@link io.dualwrite.mirror.OldWins} runs it there ({@link
 * io.dualwrite.mirror.Capture}) and has {@link io.dualwrite.mirror.Follower} bring its rows to the mirror ({@link
 * io.dualwrite.mirror.Images}) on the {@link io.dualwrite.mirror.Lane} of the other {@link io.dualwrite.mirror.Leg}. Where new's
 * are, {@link io.dualwrite.mirror.NewWins} still runs it on old first, and brings old to what new has afterwards. {@link
 * io.dualwrite.mirror.TwoCommits} ends both transactions, with {@link io.dualwrite.mirror.Marks} between.
 */
@NullMarked
package io.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;
