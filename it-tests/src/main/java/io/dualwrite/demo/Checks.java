package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Acknowledged;
import io.dualwrite.demo.verdict.Comparison;
import io.dualwrite.demo.verdict.Fault;
import io.dualwrite.demo.verdict.Rows;
import io.dualwrite.demo.verdict.Verdict;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Holds the journals against the databases that count. For each check the users are held back for a moment, so that no
 * request is open and every row can be compared exactly; nobody steps from rung to rung meanwhile.
 */
final class Checks {
    private final Databases databases;
    private final Fleet fleet;
    private final Console console;
    private final Verdict verdict;
    private final Rows first;

    /**
     * @param first the rows before the first request
     */
    Checks(Databases databases, Fleet fleet, Console console, Verdict verdict, Rows first) {
        this.databases = databases;
        this.fleet = fleet;
        this.console = console;
        this.verdict = verdict;
        this.first = first;
    }

    /** Whether any check has found anything. */
    boolean found() {
        return !verdict.faults().isEmpty();
    }

    /**
     * Goes on only if no check has found anything.
     *
     * @throws WalkBroken otherwise: a walk that has lost something is not worth its end
     */
    void mustBeClean() throws WalkBroken {
        if (found()) {
            throw new WalkBroken("the databases do not hold what they must, see the faults");
        }
    }

    /** Both databases count: the journals are held against each, and their rows, Data B's too, against one another. */
    void both(String when) throws IOException, SQLException, InterruptedException, TimeoutException {
        quietly(() -> {
            Acknowledged acknowledged = Acknowledged.read(fleet.journals());
            Rows old = rows(Side.OLD);
            Rows neu = rows(Side.NEW);
            List<Fault> found = new ArrayList<>(acknowledged.against("old", first, old));
            found.addAll(acknowledged.against("new", first, neu));
            found.addAll(Comparison.differing(old, neu, true));
            note(when, "old and new", old, acknowledged, found);
        });
    }

    /** One database counts. */
    void one(String when, Side side) throws IOException, SQLException, InterruptedException, TimeoutException {
        quietly(() -> {
            Acknowledged acknowledged = Acknowledged.read(fleet.journals());
            Rows rows = rows(side);
            note(when, side.word() + " alone", rows, acknowledged, acknowledged.against(side.word(), first, rows));
        });
    }

    private interface Look {
        void run() throws IOException, SQLException;
    }

    private void quietly(Look look) throws IOException, SQLException, InterruptedException, TimeoutException {
        fleet.pause();
        try {
            look.run();
        } finally {
            fleet.resume();
        }
    }

    private Rows rows(Side side) throws SQLException {
        try (Connection connection = databases.connect(side)) {
            Rows rows = Rows.read(connection);
            verdict.counted(side == Side.OLD, rows);
            return rows;
        }
    }

    private void note(String when, String held, Rows rows, Acknowledged acknowledged, List<Fault> found) {
        verdict.checked(new Verdict.Check(when, held, rows.count(), acknowledged.writes(), found.size()), found);
        console.say("held the journals against " + held + ": " + rows.count() + " rows, " + acknowledged.writes()
                + " acknowledged writes, " + found.size() + " faults");
        found.stream().limit(5).forEach(fault -> console.say("  FAULT " + fault));
    }
}
