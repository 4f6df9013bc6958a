package io.dualwrite.histories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was swallowed and marked shortly before a crossing is mended before anybody reads the side that lacks it (R10, R13). */
class SwallowedBeforeCrossingIT {
    private static final List<Integer> AFTER = List.of(93, 107, 100, 100, 100, 100, 100, 100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration UNREPAIRED = Duration.ofSeconds(2);

    @Test
    void newLacksAWriteAfterThePass_nobodyReadsNewWithoutIt() throws Exception {
        try (Fleet fleet = new Fleet("postgres", "postgres");
                Killer killer = new Killer(fleet, Duration.ofHours(1), 0)) {
            Operator operator = new Operator(fleet.file(Fleet.OPERATOR), killer);
            toThree(fleet, operator);
            operator.verifyTwice();
            operator.gate(5);
            swallow(fleet, Side.NEW);
            crosses(fleet, operator, 5, Rung.STRICT_READ_NEW, Rung.DUAL_READ_NEW);
        }
    }

    @Test
    void newLacksAWriteBeforeThePass_nobodyReadsNewWithoutIt() throws Exception {
        try (Fleet fleet = new Fleet("postgres", "postgres");
                Killer killer = new Killer(fleet, Duration.ofHours(1), 0)) {
            Operator operator = new Operator(fleet.file(Fleet.OPERATOR), killer);
            toThree(fleet, operator);
            operator.verifyTwice();
            swallow(fleet, Side.NEW);
            operator.run("gate", "--to", "5");
            crosses(fleet, operator, 5, Rung.STRICT_READ_NEW, Rung.DUAL_READ_NEW);
        }
    }

    @Test
    void oldLacksAWriteAfterThePass_nobodyReadsOldWithoutIt_andRepairDoesNotTakeItFromNew() throws Exception {
        try (Fleet fleet = new Fleet("postgres", "postgres");
                Killer killer = new Killer(fleet, Duration.ofHours(1), 0)) {
            Operator operator = new Operator(fleet.file(Fleet.OPERATOR), killer);
            toThree(fleet, operator);
            operator.verifyTwice();
            operator.gate(5);
            all(fleet, 5, Rung.DUAL_READ_NEW);
            operator.must("sequences", "--down");
            operator.must("freeze", "--down");
            operator.must("sync", "--down");
            operator.verifyTwice("--down");
            operator.gate(3);
            swallow(fleet, Side.OLD);
            crosses(fleet, operator, 3, Rung.STRICT_READ_OLD, Rung.DUAL_READ_OLD);
        }
    }

    private static void toThree(Fleet fleet, Operator operator) {
        operator.must("init");
        operator.copy();
        for (int i = 0; i < Fleet.SIZE; i++) {
            fleet.phase(fleet.name(i), 2);
        }
        operator.must("freeze");
        operator.copy();
        operator.must("sequences");
        operator.gate(3);
        all(fleet, 3, Rung.DUAL_READ_OLD);
        operator.must("sync");
        operator.must("sequences");
    }

    private static void all(Fleet fleet, int phase, Rung rung) {
        for (int i = 0; i < Fleet.SIZE; i++) {
            fleet.phase(fleet.name(i), phase);
        }
        for (int i = 0; i < Fleet.SIZE; i++) {
            int instance = i;
            await().atMost(PATIENCE).until(() -> fleet.stands(instance, rung));
        }
    }

    /** Another session holds the row on the mirror for longer than the mirror waits: the transfer is acknowledged all the same. */
    private static void swallow(Fleet fleet, Side mirror) throws Exception {
        try (Connection another = fleet.bare(mirror);
                Statement statement = another.createStatement()) {
            another.setAutoCommit(false);
            statement.execute("SELECT balance FROM account WHERE id = 0 FOR UPDATE");
            assertThat(new Bank().run(new Request.Transfer(1, 0, 1, 7), fleet.transaction(1)))
                    .isEqualTo(new Outcome.Done());
            another.rollback();
        }
    }

    /** Nobody repairs at first, then the operator does; every reader sees the transfer, wherever it stands. */
    private static void crosses(Fleet fleet, Operator operator, int phase, Rung strict, Rung end) throws Exception {
        fleet.phase(fleet.name(0), phase);
        await().during(UNREPAIRED).atMost(PATIENCE).until(() -> {
            readersSeeIt(fleet);
            return true;
        });
        await().atMost(PATIENCE).until(() -> {
            operator.repair();
            operator.run("gate", "--to", Integer.toString(phase));
            readersSeeIt(fleet);
            return fleet.stands(0, strict);
        });
        all(fleet, phase, end);
        operator.repair();
        readersSeeIt(fleet);
        for (Side side : EnumSet.allOf(Side.class)) {
            try (Connection connection = fleet.bare(side)) {
                assertThat(Final.read(side, connection).balances())
                        .as("%s", side)
                        .isEqualTo(AFTER);
            }
        }
    }

    private static void readersSeeIt(Fleet fleet) {
        for (int i = 0; i < Fleet.SIZE; i++) {
            assertThat(new Bank().look(fleet.transaction(i)))
                    .as("%s", fleet.describe(i))
                    .isEqualTo(new Outcome.Balances(AFTER));
        }
    }
}
