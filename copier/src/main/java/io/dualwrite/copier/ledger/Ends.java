package io.dualwrite.copier.ledger;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out whether marked transactions have ended on the side that commits second (R16): each one's id is inserted there once
 * more. Where its transaction holds the id, the insert waits, in vain for as long as it is open. Where it succeeds the transaction
 * has not committed and never will, for its own insert comes too late from then on; where it is a duplicate, it has.
 *
 * <p>An id that was inserted here stays until every transaction has ended that was open then: a mirror that sends its id with its
 * COMMIT may be stopped in between for as long as it likes, and must find it when it goes on.
 */
final class Ends {
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final int AT_A_TIME = 100;
    /** What stands for the instance in ids that were inserted here: no instance has this name. */
    static final String REPAIR = "";

    private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

    private final Connection connection;
    private final Dialect dialect;

    /** Looks by the connection, whose lock waits it bounds while it does. */
    Ends(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** Those of the ids whose transactions have ended on this side. */
    Set<String> of(Collection<String> ids) throws SQLException {
        Set<String> ended = new LinkedHashSet<>();
        dialect.boundLocks(connection, WAIT);
        connection.commit();
        try {
            List<String> all = List.copyOf(ids);
            for (int from = 0; from < all.size(); from += AT_A_TIME) {
                some(all.subList(from, Math.min(all.size(), from + AT_A_TIME)), ended);
            }
        } finally {
            connection.rollback();
            dialect.unboundWaits(connection);
            connection.commit();
        }
        return ended;
    }

    private void some(List<String> ids, Set<String> ended) throws SQLException {
        Set<String> known = known(ids);
        ended.addAll(known);
        List<String> others = ids.stream().filter(id -> !known.contains(id)).toList();
        if (others.isEmpty()) {
            return;
        }
        if (insert(others)) {
            ended.addAll(others);
            return;
        }
        for (String id : others) {
            if (insert(List.of(id))) {
                ended.add(id);
            }
        }
        ended.addAll(known(others));
    }

    private Set<String> known(List<String> ids) throws SQLException {
        String places = "?, ".repeat(ids.size() - 1) + "?";
        try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM " + OwnTables.MARK
                + " WHERE seq = " + OwnTables.ID_ALONE + " AND id IN (" + places + ")")) {
            int place = 0;
            for (String id : ids) {
                statement.setString(++place, id);
            }
            Set<String> found = new LinkedHashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        } finally {
            connection.rollback();
        }
    }

    private boolean insert(List<String> ids) throws SQLException {
        long now = dialect.now(connection).toEpochMilli();
        String row = "(?, " + OwnTables.ID_ALONE + ", '', '', '', '" + REPAIR + "', 0, ?)";
        String rows = (row + ", ").repeat(ids.size() - 1) + row;
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO " + OwnTables.MARK + " (" + OwnTables.MARK_COLUMNS + ") VALUES " + rows)) {
            int place = 0;
            for (String id : ids) {
                statement.setString(++place, id);
                statement.setLong(++place, now);
            }
            statement.executeUpdate();
            connection.commit();
            return true;
        } catch (SQLException failure) {
            connection.rollback();
            if (dialect.isDuplicate(failure) || dialect.isRetryable(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Clears ids whose marks have long been cleared: their instance was killed in between. Those that were inserted here go when no
     * transaction of that time is open any more.
     */
    void clearLeftBehind(Connection marksOf) throws SQLException {
        long oldest = oldestTransaction();
        Set<String> ids = new LinkedHashSet<>(older("<>", System.currentTimeMillis() - LEFT_BEHIND.toMillis()));
        ids.addAll(older("=", oldest));
        if (ids.isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>(ids);
        String places = "?, ".repeat(all.size() - 1) + "?";
        try (PreparedStatement statement = marksOf.prepareStatement(
                "SELECT id FROM " + OwnTables.MARK + " WHERE seq >= 0 AND id IN (" + places + ")")) {
            int place = 0;
            for (String id : all) {
                statement.setString(++place, id);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.remove(rows.getString(1));
                }
            }
        } finally {
            marksOf.rollback();
        }
        Marks.clearIds(connection, ids, "");
        connection.commit();
    }

    /** When the oldest open transaction began, in milliseconds; 0 where the user may not see that, so that all ids stay. */
    private long oldestTransaction() throws SQLException {
        try {
            return dialect.oldestTransaction(connection).toEpochMilli();
        } catch (SQLInvalidAuthorizationSpecException hidden) {
            return 0;
        } finally {
            connection.rollback();
        }
    }

    private List<String> older(String ofRepair, long before) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM " + OwnTables.MARK
                + " WHERE seq = " + OwnTables.ID_ALONE + " AND instance " + ofRepair
                + " ? AND marked_at < ? ORDER BY marked_at LIMIT 1000")) {
            statement.setString(1, REPAIR);
            statement.setLong(2, before);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        } finally {
            connection.rollback();
        }
        return ids;
    }
}
