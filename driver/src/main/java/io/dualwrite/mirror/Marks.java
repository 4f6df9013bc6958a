package io.dualwrite.mirror;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The durable notes "these rows may differ" (R12, R13). A mark goes in with the write's own transaction, before the first
 * commit, its id alone with the mirror's, and both are cleared in batches after the second: whatever ends between the two
 * leaves the mark there, and the id tells whether the mirror's transaction has ended, and how (R16). Thread-safe.
 */
public final class Marks {
    private static final int ROWS_A_STATEMENT = 50;
    /** An instance may leave some thousand a second. */
    private static final int CLEARED_AT_ONCE = 200;
    /** Behind a statement, for legs whose server is sent both at once. */
    private static final String COMMIT = "; COMMIT";

    /** The id as it is. */
    static final String PARAMETER = "?";

    private static final int MOST_WAITING = 10_000;
    private static final int LONGEST_REASON = 400;

    private final String instance;
    private final LongSupplier epoch;
    private final String prefix = UUID.randomUUID().toString().substring(0, 13);
    private final AtomicLong numbers = new AtomicLong();
    private final Deque<String> oldDone = new ArrayDeque<>();
    private final Deque<String> newDone = new ArrayDeque<>();

    /**
     * The marks of one instance.
     *
     * @param epoch the migration's current epoch
     */
    public Marks(String instance, LongSupplier epoch) {
        this.instance = instance;
        this.epoch = epoch;
    }

    /** An id that no other transaction has. */
    String newId() {
        return prefix + '-' + numbers.incrementAndGet();
    }

    /** Writes the mark's id alone in the mirror's open transaction. */
    void writeId(Leg leg, String id) throws SQLException {
        insertId(leg, id, "");
    }

    /** Writes the mark's id alone in the mirror's open transaction and commits it, in one message to the server. */
    void writeIdAndCommit(Leg leg, String id) throws SQLException {
        insertId(leg, id, COMMIT);
    }

    private void insertId(Leg leg, String id, String end) throws SQLException {
        PreparedStatement statement = leg.prepare("INSERT INTO " + leg.own(OwnTables.MARK) + " ("
                + OwnTables.MARK_COLUMNS + ") VALUES (?, " + OwnTables.ID_ALONE + ", '', '', '', ?, ?, ?)" + end);
        statement.setString(1, id);
        statement.setString(2, instance);
        statement.setLong(3, epoch.getAsLong());
        statement.setLong(4, System.currentTimeMillis());
        statement.execute();
    }

    /** Writes the mark in the leg's open transaction. */
    void write(Leg leg, String id, Touched touched, String reason) throws SQLException {
        insert(leg, id, touched, reason, PARAMETER, "");
    }

    /**
     * Writes the mark of a commit on both sides in the leg's open transaction, at the current epoch only (R29).
     *
     * @throws SQLException SQLSTATE 40000 if the leg's side knows a later epoch than this instance
     */
    void writeCurrent(Leg leg, String id, Touched touched, String reason) throws SQLException {
        insertCurrent(leg, id, touched, reason, "");
    }

    /** As {@link #writeCurrent}, and commits it, in one message to the server with the mark's last rows. */
    void writeCurrentAndCommit(Leg leg, String id, Touched touched, String reason) throws SQLException {
        insertCurrent(leg, id, touched, reason, COMMIT);
    }

    private void insertCurrent(Leg leg, String id, Touched touched, String reason, String end) throws SQLException {
        try {
            insert(leg, id, touched, reason, leg.unlessPassedBy(), end);
        } catch (SQLException e) {
            throw leg.dialect.isTwoRows(e) ? Faults.passedBy(instance, epoch.getAsLong(), leg.side, e) : e;
        }
    }

    private void insert(Leg leg, String id, Touched touched, String reason, String idExpression, String end)
            throws SQLException {
        List<Touched.Entry> entries = touched.entries();
        for (int from = 0; from < entries.size(); from += ROWS_A_STATEMENT) {
            int to = Math.min(from + ROWS_A_STATEMENT, entries.size());
            insert(leg, id, from, entries.subList(from, to), reason, idExpression, to == entries.size() ? end : "");
        }
    }

    /** @param idExpression of the id, or of the id and the epoch */
    private void insert(
            Leg leg,
            String id,
            int firstSeq,
            List<Touched.Entry> entries,
            String reason,
            String idExpression,
            String end)
            throws SQLException {
        boolean asksForEpoch = !idExpression.equals(PARAMETER);
        StringBuilder sql = new StringBuilder(
                "INSERT INTO " + leg.own(OwnTables.MARK) + " (" + OwnTables.MARK_COLUMNS + ", row_count) VALUES ");
        for (int i = 0; i < entries.size(); i++) {
            sql.append(i == 0 ? "(" + idExpression : ", (?").append(", ?, ?, ?, ?, ?, ?, ?, ?)");
        }
        PreparedStatement statement = leg.prepare(sql.append(end).toString());
        int index = 1;
        for (int i = 0; i < entries.size(); i++) {
            Touched.Entry entry = entries.get(i);
            statement.setString(index++, id);
            if (i == 0 && asksForEpoch) {
                statement.setLong(index++, epoch.getAsLong());
            }
            statement.setInt(index++, firstSeq + i);
            statement.setString(index++, entry.table);
            statement.setString(index++, entry.keys == null ? null : entry.keys.text);
            statement.setString(index++, cut(reason));
            statement.setString(index++, instance);
            statement.setLong(index++, epoch.getAsLong());
            statement.setLong(index++, System.currentTimeMillis());
            statement.setInt(index++, entry.keys == null ? 1 : entry.keys.count);
        }
        statement.execute();
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }

    /** The transaction of the mark committed on both sides: the mark may go, and its id on the other side. */
    void clearLater(String id) {
        clearLater(oldDone, id);
        clearLater(newDone, id);
    }

    private static void clearLater(Deque<String> done, String id) {
        synchronized (done) {
            if (done.size() < MOST_WAITING) {
                done.add(id);
            }
        }
    }

    /** The marks that wait to be cleared on the side. */
    List<String> waiting(Side side) {
        Deque<String> done = side == Side.OLD ? oldDone : newDone;
        synchronized (done) {
            return new ArrayList<>(done);
        }
    }

    /** Whether marks wait to be cleared on the side. */
    public boolean hasDone(Side side) {
        Deque<String> done = side == Side.OLD ? oldDone : newDone;
        synchronized (done) {
            return !done.isEmpty();
        }
    }

    /**
     * Deletes marks whose transactions ended well on both sides, in batches, each in a transaction of its own. What fails stays
     * to be tried again; a mark that is never cleared costs a repair, never a row.
     */
    public void clear(Side side, Connection connection) throws SQLException {
        Deque<String> done = side == Side.OLD ? oldDone : newDone;
        while (true) {
            List<String> some = new ArrayList<>();
            synchronized (done) {
                while (some.size() < CLEARED_AT_ONCE && !done.isEmpty()) {
                    some.add(done.removeFirst());
                }
            }
            if (some.isEmpty()) {
                return;
            }
            try {
                delete(connection, some);
            } catch (SQLException e) {
                synchronized (done) {
                    done.addAll(some);
                }
                throw e;
            }
        }
    }

    private static void delete(Connection connection, List<String> ids) throws SQLException {
        StringBuilder sql = new StringBuilder("DELETE FROM " + OwnTables.MARK + " WHERE id IN (");
        for (int i = 0; i < ids.size(); i++) {
            sql.append(i == 0 ? "?" : ", ?");
        }
        try (PreparedStatement statement =
                connection.prepareStatement(sql.append(')').toString())) {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            statement.executeUpdate();
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }
}
