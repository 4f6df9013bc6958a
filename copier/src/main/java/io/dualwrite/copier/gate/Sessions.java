package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.AllowedSessions;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.ServerSession;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sessions at both servers that are no live instance's, by the addresses at which each server sees the instances (R29).
 * Sessions of this product's command line, and those that {@code sessions.allowed} names, are left out. Immutable.
 */
final class Sessions {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /**
     * A session that is no live instance's.
     *
     * @param instance the dead instance that had the session's address, or null
     */
    record Foreign(
            Side side, ServerSession session, @Nullable String instance) {
        @Override
        public String toString() {
            return session + " on " + side.word() + (instance == null ? "" : " (of " + instance + ", which is dead)");
        }
    }

    private final List<Foreign> foreign;

    private Sessions(List<Foreign> foreign) {
        this.foreign = List.copyOf(foreign);
    }

    /** For a step that does not ask for them. */
    static Sessions notAsked() {
        return new Sessions(List.of());
    }

    /** Looks at the sides that are open. */
    static Sessions read(Settings settings, Sides sides, Map<Side, FleetView> views, Collection<InstanceRow> present)
            throws SQLException {
        Set<String> living = new HashSet<>();
        present.forEach(row -> living.add(row.name));
        Set<String> addresses = new HashSet<>();
        Map<String, String> dead = new HashMap<>();
        for (FleetView view : views.values()) {
            for (InstanceRow row : view.rows) {
                if (living.contains(row.name)) {
                    addresses.add(row.client);
                } else {
                    dead.put(row.client, row.name);
                }
            }
        }
        AllowedSessions allowed = AllowedSessions.of(settings);
        List<Foreign> foreign = new ArrayList<>();
        for (Side side : sides.all()) {
            Connection connection = sides.connection(side);
            for (ServerSession session : Dialects.of(connection).sessions(connection)) {
                if (!addresses.contains(session.address()) && !allowed.allows(session)) {
                    foreign.add(new Foreign(side, session, dead.get(session.address())));
                }
            }
        }
        return new Sessions(foreign);
    }

    List<Foreign> foreign() {
        return foreign;
    }

    /**
     * Ends those of dead instances.
     *
     * @return what was ended
     * @throws SQLException if the command's user may not do that
     */
    List<Foreign> end(Sides sides) throws SQLException {
        List<Foreign> ended = new ArrayList<>();
        for (Foreign one : foreign) {
            if (one.instance() != null) {
                Connection connection = sides.connection(one.side());
                try {
                    Dialects.of(connection).endSession(connection, one.session());
                    ended.add(one);
                } catch (SQLException refused) {
                    throw new SQLException(
                            "The " + one + " could not be ended: " + refused.getMessage()
                                    + "; let a user do it that may, or end it by the server's own means",
                            refused.getSQLState(),
                            refused);
                }
            }
        }
        return ended;
    }

    /** Waits until the servers do not list the sessions any more; one that outlasts the wait is found by the next look. */
    static void awaitEnd(Sides sides, Collection<Foreign> ended) throws SQLException {
        long deadline = System.nanoTime() + ENDED_WITHIN.toNanos();
        for (Foreign one : ended) {
            Connection connection = sides.connection(one.side());
            Dialect dialect = Dialects.of(connection);
            while (System.nanoTime() < deadline
                    && dialect.sessions(connection).stream().anyMatch(there -> there.id.equals(one.session().id))) {
                // PostgreSQL shows one transaction the same list again and again.
                connection.rollback();
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
            connection.rollback();
        }
    }
}
