package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.DUPLICATED;
import static io.dualwrite.histories.Anomaly.Kind.FAILED_YET_THERE;
import static io.dualwrite.histories.Anomaly.Kind.INVENTED;
import static io.dualwrite.histories.Anomaly.Kind.LOST;
import static io.dualwrite.histories.Anomaly.Kind.REORDERED;
import static io.dualwrite.histories.Anomaly.Kind.SIDES_DIFFER;
import static io.dualwrite.histories.Anomaly.Kind.SKIPPED;
import static io.dualwrite.histories.Anomaly.Kind.STALE;
import static io.dualwrite.histories.Anomaly.Kind.WENT_BACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each anomaly of lists is planted, and found; what may be is let pass. */
class ListCheckTest {
    private static final Outcome UNKNOWN = new Outcome.Unknown("08007");
    private static final Outcome FAILED = new Outcome.Failed("40001");

    /** Two appends, one after the other. */
    private static Script oneTwo() {
        return new Script().append(1, 0, 10).append(2, 20, 30);
    }

    @Test
    void trueHistory_nothingIsFound() {
        Findings findings = oneTwo().read(5, 6)
                .read(12, 13, 1)
                .read(25, 28, 1, 2)
                .append(3, 40, 50, FAILED)
                .append(4, 60, 70, UNKNOWN)
                .end(Side.OLD, 1, 2)
                .end(Side.NEW, 1, 2)
                .check();
        assertThat(findings.anomalies()).isEmpty();
        assertThat(findings.gaps()).isZero();
        assertThat(findings.waverings()).isZero();
    }

    @Test
    void unknownAppend_mayBeThereOnBothSides() {
        assertThat(oneTwo().append(3, 40, 50, UNKNOWN)
                        .read(60, 61, 1, 2, 3)
                        .end(Side.OLD, 1, 2, 3)
                        .end(Side.NEW, 1, 2, 3)
                        .kinds())
                .isEmpty();
    }

    @Test
    void acknowledgedAppendIsNotThereAtTheEnd_isLost() {
        assertThat(oneTwo().end(Side.OLD, 1).kinds()).containsExactly(LOST);
        assertThat(oneTwo().end(Side.OLD, 2).kinds()).containsExactly(LOST);
    }

    @Test
    void listIsNotThereAtTheEnd_isLost() {
        assertThat(oneTwo().end(Side.OLD).kinds()).containsExactly(LOST);
    }

    @Test
    void unknownAppendWasReadAndIsGone_isLost() {
        assertThat(new Script()
                        .append(1, 0, 10, UNKNOWN)
                        .read(20, 21, 1)
                        .end(Side.OLD)
                        .kinds())
                .containsExactly(LOST);
    }

    @Test
    void failedAppendIsThere_isFound() {
        assertThat(new Script().append(1, 0, 10, FAILED).end(Side.OLD, 1).kinds())
                .containsExactly(FAILED_YET_THERE);
        assertThat(new Script()
                        .append(1, 0, 10, FAILED)
                        .read(5, 6, 1)
                        .end(Side.OLD)
                        .kinds())
                .contains(FAILED_YET_THERE);
    }

    @Test
    void valueThatNobodyWrote_isInvented() {
        assertThat(oneTwo().end(Side.OLD, 1, 2, 9).kinds()).containsExactly(INVENTED);
        assertThat(oneTwo().read(11, 12, 1, 2).end(Side.OLD, 1, 2).kinds()).containsExactly(INVENTED);
    }

    @Test
    void appendIsThereTwice_isDuplicated() {
        assertThat(oneTwo().end(Side.OLD, 1, 2, 2).kinds()).containsExactly(DUPLICATED);
        assertThat(oneTwo().read(40, 41, 1, 1, 2).end(Side.OLD, 1, 2).kinds()).contains(DUPLICATED);
    }

    @Test
    void readersSawTwoOrders_isReordered() {
        assertThat(new Script()
                        .append(1, 0, 30)
                        .append(2, 0, 30)
                        .read(40, 41, 2, 1)
                        .end(Side.OLD, 1, 2)
                        .kinds())
                .containsExactly(REORDERED);
    }

    @Test
    void orderIsNotThatOfTheAnswers_isReordered() {
        assertThat(oneTwo().end(Side.OLD, 2, 1).kinds()).containsExactly(REORDERED);
    }

    @Test
    void orderOfAppendsAtTheSameTime_isFree() {
        assertThat(new Script()
                        .append(1, 0, 30)
                        .append(2, 10, 20)
                        .end(Side.OLD, 2, 1)
                        .kinds())
                .isEmpty();
    }

    @Test
    void readerSawALaterValueAndNotAnEarlierOne_isSkipped() {
        assertThat(new Script()
                        .append(1, 0, 50)
                        .append(2, 0, 50)
                        .read(10, 20, 2)
                        .end(Side.OLD, 1, 2)
                        .kinds())
                .containsExactly(SKIPPED);
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void readerMissesWhatWasAcknowledged_isStale_onEveryRung(Rung rung) {
        assertThat(new Script()
                        .on(rung)
                        .append(1, 0, 10)
                        .read(11, 12)
                        .end(Side.OLD, 1)
                        .kinds())
                .containsExactly(STALE);
    }

    private static Script crossing(Rung first, Rung second, long wait) {
        return new Script()
                .on(Rung.STRICT_READ_OLD)
                .append(1, 0, 500)
                .on(first)
                .read(10, 20, 1)
                .on(second)
                .read(20 + wait, 30 + wait)
                .end(Side.OLD, 1)
                .end(Side.NEW, 1);
    }

    @Test
    void readerOfNewMissesForAMomentWhatAReaderOfOldSaw_isTheVisibleGap_andCounted() {
        Findings findings =
                crossing(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, 7).check();
        assertThat(findings.anomalies()).isEmpty();
        assertThat(findings.gaps()).isOne();
        assertThat(findings.longestGap()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void readerOfNewMissesItForTooLong_wentBack() {
        assertThat(crossing(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, 101).kinds())
                .containsExactly(WENT_BACK);
    }

    @Test
    void readersOfOneSide_orOfNewFirst_orOutsideOfACrossing_wentBack() {
        assertThat(crossing(Rung.STRICT_READ_OLD, Rung.STRICT_READ_OLD, 7).kinds())
                .containsExactly(WENT_BACK);
        assertThat(crossing(Rung.STRICT_READ_NEW, Rung.STRICT_READ_OLD, 7).kinds())
                .containsExactly(WENT_BACK);
        assertThat(crossing(Rung.DUAL_READ_OLD, Rung.DUAL_READ_NEW, 7).kinds()).containsExactly(WENT_BACK);
    }

    private static Script seenAndGone(Rung appendedOn) {
        return new Script()
                .on(appendedOn)
                .append(1, 0, 10, UNKNOWN)
                .on(Rung.STRICT_READ_OLD)
                .read(20, 21, 1)
                .on(Rung.STRICT_READ_NEW)
                .read(400, 401)
                .end(Side.NEW);
    }

    @Test
    void unknownAppendOfACrossingComesAndGoes_isLetPass_andCounted() {
        Findings findings = seenAndGone(Rung.STRICT_READ_OLD).check();
        assertThat(findings.anomalies()).isEmpty();
        assertThat(findings.waverings()).isOne();
    }

    @Test
    void unknownAppendOfAnotherRungComesAndGoes_isFound() {
        assertThat(seenAndGone(Rung.OLD_ONLY).kinds()).containsExactly(LOST, WENT_BACK);
    }

    @Test
    void acknowledgedAppendsAroundAnUnknownOne_keepTheirOrder() {
        Script script = new Script()
                .on(Rung.STRICT_READ_OLD)
                .append(1, 0, 10)
                .append(2, 20, 30, UNKNOWN)
                .append(3, 40, 50)
                .read(60, 61, 1, 2, 3)
                .on(Rung.STRICT_READ_NEW)
                .read(60, 61, 1, 3);
        assertThat(script.end(Side.NEW, 1, 3).kinds()).isEmpty();
        assertThat(script.end(Side.OLD, 3, 1).kinds()).containsExactly(REORDERED, SIDES_DIFFER);
    }

    @Test
    void sidesHoldDifferentThings_isFound() {
        assertThat(new Script()
                        .append(1, 0, 10, UNKNOWN)
                        .end(Side.OLD, 1)
                        .end(Side.NEW)
                        .kinds())
                .contains(SIDES_DIFFER);
        assertThat(oneTwo().end(Side.OLD, 1, 2).end(Side.NEW, 1).kinds()).containsExactly(LOST, SIDES_DIFFER);
    }
}
