package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.BALANCE_OFF;
import static io.dualwrite.histories.Anomaly.Kind.FAILED_YET_THERE;
import static io.dualwrite.histories.Anomaly.Kind.INVENTED;
import static io.dualwrite.histories.Anomaly.Kind.LOST;
import static io.dualwrite.histories.Anomaly.Kind.NEGATIVE;
import static io.dualwrite.histories.Anomaly.Kind.SIDES_DIFFER;
import static io.dualwrite.histories.Anomaly.Kind.TOTAL_OFF;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each anomaly of the bank is planted, and found; what may be is let pass. */
class BankCheckTest {
    private static final Outcome DONE = new Outcome.Done();
    private static final Outcome UNKNOWN = new Outcome.Unknown("08007");
    private static final Outcome FAILED = new Outcome.Failed("40001");

    private static Script ten(Outcome outcome) {
        return new Script().transfer(1, 10, 0, 10, outcome);
    }

    @Test
    void trueHistory_nothingIsFound() {
        assertThat(ten(DONE)
                        .accounts(5, 6, 50, 50)
                        .accounts(12, 13, 40, 60)
                        .transfer(2, 90, 20, 30, FAILED)
                        .accountsEnd(Side.OLD, List.of(40, 60), 10)
                        .accountsEnd(Side.NEW, List.of(40, 60), 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void unknownTransfer_mayBeThereOrNot() {
        assertThat(ten(UNKNOWN).accountsEnd(Side.OLD, List.of(40, 60), 10).kinds())
                .isEmpty();
        assertThat(ten(UNKNOWN).accountsEnd(Side.OLD, List.of(50, 50)).kinds()).isEmpty();
    }

    @Test
    void readerSeesHalfATransfer_totalIsOff() {
        assertThat(ten(DONE)
                        .accounts(5, 6, 40, 50)
                        .accountsEnd(Side.OLD, List.of(40, 60), 10)
                        .kinds())
                .containsExactly(TOTAL_OFF);
    }

    private static Script half(Rung writtenOn, Outcome outcome, Rung readOn, Integer... balances) {
        return new Script()
                .on(writtenOn)
                .transfer(1, 10, 0, 10, outcome)
                .on(readOn)
                .accounts(20, 21, balances)
                .accountsEnd(Side.NEW, List.of(40, 60), 10);
    }

    @Test
    void readerOfNewSeesHalfATransferThatACrossingLeftUnknown_isLetPass_andCounted() {
        Findings payee = half(Rung.STRICT_READ_OLD, UNKNOWN, Rung.STRICT_READ_NEW, 50, 60)
                .check();
        assertThat(payee.anomalies()).isEmpty();
        assertThat(payee.halves()).isOne();
        assertThat(half(Rung.STRICT_READ_NEW, UNKNOWN, Rung.STRICT_READ_NEW, 40, 50)
                        .kinds())
                .isEmpty();
    }

    @Test
    void readerOfOldSeesAHalf_orOfAnotherTransfer_orAnotherAmount_totalIsOff() {
        assertThat(half(Rung.STRICT_READ_OLD, UNKNOWN, Rung.STRICT_READ_OLD, 50, 60)
                        .kinds())
                .containsExactly(TOTAL_OFF);
        assertThat(half(Rung.STRICT_READ_OLD, DONE, Rung.STRICT_READ_NEW, 50, 60)
                        .kinds())
                .containsExactly(TOTAL_OFF);
        assertThat(half(Rung.DUAL_READ_NEW, UNKNOWN, Rung.STRICT_READ_NEW, 50, 60)
                        .kinds())
                .containsExactly(TOTAL_OFF);
        assertThat(half(Rung.STRICT_READ_OLD, UNKNOWN, Rung.STRICT_READ_NEW, 50, 61)
                        .kinds())
                .containsExactly(TOTAL_OFF);
    }

    @Test
    void accountIsMissing_totalIsOff() {
        assertThat(new Script().accounts(5, 6, 100).kinds()).containsExactly(TOTAL_OFF);
    }

    @Test
    void halfATransferIsThereAtTheEnd_totalIsOff() {
        assertThat(ten(DONE).accountsEnd(Side.OLD, List.of(50, 60), 10).kinds())
                .containsExactly(TOTAL_OFF, BALANCE_OFF);
    }

    @Test
    void moreIsTakenThanIsThere_isNegative() {
        assertThat(new Script().accounts(5, 6, -10, 110).kinds()).containsExactly(NEGATIVE);
    }

    @Test
    void acknowledgedTransferIsGone_isLost() {
        assertThat(ten(DONE).accountsEnd(Side.OLD, List.of(50, 50)).kinds()).containsExactly(LOST);
    }

    @Test
    void transferOverwroteAnother_balanceIsOff() {
        assertThat(ten(DONE)
                        .transfer(2, 5, 0, 10, DONE)
                        .accountsEnd(Side.OLD, List.of(45, 55), 10, 5)
                        .kinds())
                .containsExactly(BALANCE_OFF);
    }

    @Test
    void failedTransferIsThere_isFound() {
        assertThat(ten(FAILED).accountsEnd(Side.OLD, List.of(40, 60), 10).kinds())
                .containsExactly(FAILED_YET_THERE);
    }

    @Test
    void transferThatNobodyAskedFor_isInvented() {
        assertThat(new Script().accountsEnd(Side.OLD, List.of(40, 60), 10).kinds())
                .containsExactly(INVENTED);
    }

    @Test
    void sidesHoldDifferentThings_isFound() {
        assertThat(ten(UNKNOWN)
                        .accountsEnd(Side.OLD, List.of(40, 60), 10)
                        .accountsEnd(Side.NEW, List.of(50, 50))
                        .kinds())
                .containsExactly(SIDES_DIFFER);
    }
}
