package io.dualwrite.simulation;

import io.dualwrite.ladder.Rung;
import io.dualwrite.simulation.Stamp.Fate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A thread of the application that runs some transactions, and keeps what it was told of each. */
final class Writer implements Runnable {
    private final World world;
    private final Instance instance;
    private final Random random;
    private final Writes writes;
    private final List<Stamp> open = new ArrayList<>();

    Writer(World world, Instance instance, Random random) {
        this.world = world;
        this.instance = instance;
        this.random = random;
        this.writes = new Writes(world.expectation(), world.scenario().taste(), random);
    }

    @Override
    public void run() {
        try {
            int left = world.scenario().taste().transactions() + random.nextInt(3);
            for (int connections = 0; connections < 4 && left > 0; connections++) {
                left = transactions(left);
                world.scheduler().sleep(1_000L * random.nextInt(100_000));
            }
        } catch (SimulatedThread.Ended e) {
            end(Fate.UNKNOWN);
            throw e;
        }
    }

    /** Runs transactions over one connection until that is broken; how many are left. */
    private int transactions(int some) {
        int left = some;
        try (Connection connection = instance.connect()) {
            while (left > 0) {
                left--;
                if (random.nextInt(5) < 2) {
                    single(connection);
                } else {
                    several(connection);
                }
                world.scheduler()
                        .sleep(1_000L * random.nextInt(1_000 * world.scenario().thoughtMillis()));
            }
        } catch (SQLException e) {
            end(Fate.UNDONE);
            world.story().tell("the application gives its connection up");
        }
        return left;
    }

    private void autoCommit(Connection connection, boolean wanted) throws SQLException {
        connection.setAutoCommit(wanted);
        SimulatedThread me = SimulatedThread.current();
        if (me != null) {
            me.inAutoCommit = wanted;
        }
    }

    private void single(Connection connection) throws SQLException {
        autoCommit(connection, true);
        Rung rung = instance.standing.rung();
        try {
            writes.one(connection, open, false);
            acknowledged(rung);
        } catch (SQLException e) {
            end(isUnknown(e) ? Fate.UNKNOWN : Fate.UNDONE);
            told(e);
        }
    }

    private void told(SQLException e) throws SQLException {
        world.story().tell("the application is told " + e.getSQLState() + ' ' + e.getErrorCode());
        if (isUnknown(e) || "08001".equals(e.getSQLState())) {
            throw e;
        }
    }

    private void several(Connection connection) throws SQLException {
        autoCommit(connection, false);
        Rung rung = instance.standing.rung();
        boolean goesOn = true;
        for (int left = 1 + random.nextInt(3); left > 0 && goesOn; left--) {
            goesOn = random.nextInt(5) == 0 ? withSavepoint(connection) : statement(connection);
        }
        if (!goesOn || random.nextInt(6) == 0) {
            end(Fate.UNDONE);
            connection.rollback();
            return;
        }
        try {
            connection.commit();
            acknowledged(rung);
        } catch (SQLException e) {
            end(isUnknown(e) ? Fate.UNKNOWN : Fate.UNDONE);
            told(e);
            connection.rollback();
        }
    }

    /** Runs a statement; whether the transaction goes on, for some applications do not care for a failure. */
    private boolean statement(Connection connection) throws SQLException {
        List<Stamp> stamps = new ArrayList<>();
        try {
            writes.one(connection, stamps, true);
            open.addAll(stamps);
            return true;
        } catch (SQLException e) {
            boolean certain = stamps.size() == 1;
            stamps.forEach(stamp -> stamp.becomes(certain ? Fate.UNDONE : Fate.UNKNOWN));
            if (isUnknown(e)) {
                end(Fate.UNDONE);
            } else if (e.getErrorCode() == 40001 || "40001".equals(e.getSQLState())) {
                // What the server undid with it, it alone knows.
                end(Fate.UNKNOWN);
            }
            told(e);
            return random.nextBoolean();
        }
    }

    private boolean withSavepoint(Connection connection) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        List<Stamp> before = List.copyOf(open);
        boolean goesOn = statement(connection);
        connection.rollback(savepoint);
        open.removeAll(before);
        end(Fate.UNDONE);
        before.stream().filter(stamp -> stamp.fate() == Fate.OPEN).forEach(open::add);
        return goesOn;
    }

    private void end(Fate fate) {
        open.forEach(stamp -> stamp.becomes(fate));
        open.clear();
    }

    /** R11: what is acknowledged on a strict rung is on both sides. */
    private void acknowledged(Rung rung) {
        if (rung.strict()) {
            for (Stamp stamp : open) {
                world.requireOnBoth(stamp);
            }
        }
        end(Fate.ACKNOWLEDGED);
        world.story().tell("acknowledged");
    }

    /** Whether the connection broke, so that nobody knows. */
    static boolean isUnknown(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") && !state.equals("08001") || e.getErrorCode() >= 90000;
    }
}
