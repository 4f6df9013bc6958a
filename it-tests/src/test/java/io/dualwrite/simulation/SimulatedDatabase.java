package io.dualwrite.simulation;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side's server: an H2 database in memory, and the sessions on it. */
final class SimulatedDatabase {
    final Side side;
    private final String url;
    private final Scheduler scheduler;
    private final Network network;
    private final Story story;
    private final List<SimulatedConnection> sessions = new ArrayList<>();
    private int numbers;
    private int changes;

    SimulatedDatabase(Side side, String name, Scheduler scheduler, Network network, Story story) {
        this.side = side;
        this.url = "jdbc:h2:mem:" + name;
        this.scheduler = scheduler;
        this.network = network;
        this.story = story;
    }

    String url() {
        return url;
    }

    /** H2 itself, past the simulation; it does not wait for locks, for the simulation does. */
    Connection bare() throws SQLException {
        return DriverManager.getConnection(url + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=1");
    }

    /** A new session of the process that asks. */
    Connection connect() throws SQLException {
        Fault fault = network.fault(false, false);
        network.travel();
        if (fault != Fault.NONE) {
            network.travel();
            story.tell(side.word() + " cannot be reached");
            throw new SQLException(side.word() + " cannot be reached", "08001");
        }
        SimulatedConnection session = new SimulatedConnection(this, ++numbers, bare(), scheduler, network, story);
        sessions.add(session);
        return session.proxy();
    }

    boolean undoesVictims() {
        return network.undoesVictims();
    }

    /** Counts what may let another session go on that waits for a lock. */
    int changes() {
        return changes;
    }

    void changed() {
        changes++;
    }

    void ended(SimulatedSession session) {
        sessions.removeIf(one -> one.session() == session);
        changed();
    }

    /** The session in whose transaction of that number a row is locked, or null. */
    @Nullable
    SimulatedSession session(int transaction) {
        for (SimulatedConnection session : sessions) {
            if (transaction != LockWaits.UNKNOWN && session.transaction() == transaction) {
                return session.session();
            }
        }
        return null;
    }

    void drop() throws SQLException {
        try (Connection last = bare();
                Statement statement = last.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }
}
