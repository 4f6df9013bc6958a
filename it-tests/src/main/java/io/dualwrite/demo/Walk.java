package io.dualwrite.demo;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The whole ladder, up and down, step by step. */
final class Walk {
    /** How old the dump is that takes the place of old. */
    private static final Duration DUMP_AGE = Duration.ofSeconds(10);

    /** Which databases hold everything that was acknowledged. */
    enum Counts {
        OLD,
        BOTH,
        NEW
    }

    private final DemoOptions options;
    private final Databases databases;
    private final BatchJob batch;
    private final Steps steps;
    private final Checks checks;
    private final Console console;
    private Counts counts = Counts.OLD;

    Walk(DemoOptions options, Databases databases, BatchJob batch, Steps steps, Checks checks, Console console) {
        this.options = options;
        this.databases = databases;
        this.batch = batch;
        this.steps = steps;
        this.checks = checks;
        this.console = console;
    }

    /** From 1 to 6 and back to 1, with one last look at old. */
    void whole() throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        fromOneToThree();
        fromThreeToFive();
        Dump dump = options.bypass() ? dump() : null;
        long dumped = System.nanoTime();
        steps.command("sequences");
        steps.gate(Phase.SIX);
        counts = Counts.NEW;
        steps.walk(Phase.SIX, true);
        stayAtTheTop();
        if (dump != null) {
            replaceOld(dump, dumped);
        }
        fromSixToFive();
        fromFiveToOne();
        checks.one("at the end, phase 1", Side.OLD);
    }

    /** Looks at what counts now, for a walk that ended early and not because of what a look has found. */
    void lastLook() throws IOException, SQLException, InterruptedException, TimeoutException {
        if (checks.found()) {
            return;
        }
        if (options.bare() || counts == Counts.OLD) {
            checks.one("where the walk ended", Side.OLD);
        } else if (counts == Counts.NEW) {
            checks.one("where the walk ended", Side.NEW);
        } else {
            checks.both("where the walk ended");
        }
    }

    private void fromOneToThree() throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        batch.start(Side.OLD);
        steps.command("init");
        steps.copy();
        steps.hold(options.mixed());
        batch.stop();
        console.say("the batch is stopped");
        steps.walk(Phase.TWO, true);
        steps.command("freeze");
        steps.copy();
        steps.gate(Phase.THREE);
        steps.walk(Phase.THREE, true);
        if (options.plant() == Plant.SKIPPED_SYNC) {
            counts = Counts.BOTH;
            throw new WalkBroken("the operator forgot the final sync, as was planted");
        }
        steps.command("sync");
        counts = Counts.BOTH;
        steps.command("sequences");
    }

    private void fromThreeToFive()
            throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        steps.repairMarks();
        steps.verifyTwice();
        steps.gate(Phase.FIVE);
        if (options.plant() == Plant.LOST_MIRROR_WRITE) {
            plant(
                    "UPDATE author SET name = 'lost' WHERE id = (SELECT id FROM (SELECT MAX(id) AS id FROM author) last_one)");
        }
        steps.walk(Phase.FIVE, true);
        compareBoth("in phase 5, going up");
    }

    private void stayAtTheTop() throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        batch.start(top());
        console.say("the batch works again, on new");
        if (options.plant() == Plant.DELETED_ROW) {
            plant("DELETE FROM invoice WHERE invoice_no ="
                    + " (SELECT no FROM (SELECT MIN(invoice_no) AS no FROM invoice) first_one)");
        }
        steps.hold(options.mixed());
        checks.one("in phase 6", top());
        checks.mustBeClean();
    }

    /** Where everything is in phase 6; without Dualwrite it never leaves old. */
    private Side top() {
        return options.bare() ? Side.OLD : Side.NEW;
    }

    private void fromSixToFive() throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        batch.stop();
        console.say("the batch is stopped");
        steps.command("sequences", "--down");
        steps.copy("--down");
        steps.gate(Phase.FIVE);
        steps.walk(Phase.FIVE, false);
    }

    private void fromFiveToOne() throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        steps.command("sequences", "--down");
        steps.command("freeze", "--down");
        steps.command("sync", "--down");
        counts = Counts.BOTH;
        steps.repairMarks();
        steps.verifyTwice("--down");
        steps.gate(Phase.THREE);
        steps.walk(Phase.THREE, false);
        compareBoth("in phase 3, going down");
        steps.gate(Phase.ONE);
        counts = Counts.OLD;
        steps.walk(Phase.ONE, false);
        batch.start(Side.OLD);
        console.say("the batch works again, on old");
        steps.hold(options.mixed());
    }

    private void compareBoth(String when)
            throws WalkBroken, IOException, SQLException, InterruptedException, TimeoutException {
        if (options.bare()) {
            checks.one(when, Side.OLD);
        } else {
            steps.repairMarks();
            checks.both(when);
        }
        checks.mustBeClean();
    }

    private Dump dump() throws SQLException {
        try (Connection connection = databases.connect(Side.OLD)) {
            Dump dump = Dump.of(connection, databases.server(Side.OLD).vendor());
            console.say("dumped old: " + dump.rows() + " rows");
            return dump;
        }
    }

    /** Old is stopped, serviced, and comes back as its dump was: what it got since then is gone. */
    private void replaceOld(Dump dump, long dumped) throws WalkBroken, IOException, SQLException, InterruptedException {
        long age = System.nanoTime() - dumped;
        if (age < DUMP_AGE.toNanos()) {
            steps.hold(DUMP_AGE.minusNanos(age));
        }
        databases.server(Side.OLD).stop();
        console.say("old is stopped");
        steps.hold(options.mixed());
        databases.server(Side.OLD).start();
        databases.make(Side.OLD);
        try (Connection connection = databases.connect(Side.OLD)) {
            dump.restore(connection);
        }
        console.say("old is back, as it was "
                + Duration.ofNanos(System.nanoTime() - dumped).toSeconds() + " s ago");
        steps.command("init", "--rejoin");
    }

    private void plant(String sql) throws SQLException {
        try (Connection connection = databases.connect(top());
                Statement statement = connection.createStatement()) {
            int rows = statement.executeUpdate(sql);
            console.say("planted: " + options.plant() + ", " + rows + " row");
        }
    }
}
