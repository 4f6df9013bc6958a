package io.dualwrite.mirror;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
    /** An instance may leave some thousand a second. */
    private static final int CLEARED_AT_ONCE = 200;

    private static final int MOST_WAITING = 10_000;
    /** Behind a statement, for legs whose server is sent both at once. */
    private static final String COMMIT = "; COMMIT";

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
        PreparedStatement statement = leg.prepare(idText(leg) + end);
        bindId(statement, id);
        statement.execute();
    }

    /** The text that writes the mark's id alone and commits it, to have another statement behind it in the same message. */
    String idAndCommit(Leg leg) {
        return idText(leg) + COMMIT;
    }

    private static String idText(Leg leg) {
        return "INSERT INTO " + leg.own(OwnTables.MARK) + " (" + OwnTables.MARK_COLUMNS + ") VALUES (?, "
                + OwnTables.ID_ALONE + ", '', '', '', ?, ?, ?)";
    }

    /** Sets the first parameters, which are the id's; gives back how many. */
    int bindId(PreparedStatement statement, String id) throws SQLException {
        statement.setString(1, id);
        statement.setString(2, instance);
        statement.setLong(3, epoch.getAsLong());
        statement.setLong(4, System.currentTimeMillis());
        return 4;
    }

    /** Whether the mark's id alone is there, written by this instance: repair writes it too, to keep a late COMMIT out (R16). */
    boolean hasId(Leg leg, String id) throws SQLException {
        PreparedStatement statement = leg.prepare("SELECT 1 FROM " + leg.own(OwnTables.MARK)
                + " WHERE id = ? AND instance = ? AND seq = " + OwnTables.ID_ALONE + leg.dialect.everyRow());
        statement.setString(1, id);
        statement.setString(2, instance);
        try (ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    /** Writes the mark in the leg's open transaction. */
    void write(Leg leg, String id, Touched touched, String reason) throws SQLException {
        new MarkInsert(leg, instance, epoch.getAsLong(), null, "").write(id, touched.entries(), reason);
    }

    /** Deletes in the leg's open transaction a mark that was written in it. */
    void takeBack(Leg leg, String id) throws SQLException {
        PreparedStatement statement = leg.prepare("DELETE FROM " + leg.own(OwnTables.MARK) + " WHERE id = ?");
        statement.setString(1, id);
        statement.executeUpdate();
    }

    /**
     * Writes the mark of a commit on both sides in the leg's open transaction, at the current epoch only (R29).
     *
     * @throws SQLException SQLSTATE 40000 if the leg's side knows a later epoch than this instance
     */
    void writeCurrent(Leg leg, String id, Touched touched) throws SQLException {
        writeCurrent(leg, id, touched, "");
    }

    /** As {@link #writeCurrent}, and commits it, in one message to the server with the mark's last rows. */
    void writeCurrentAndCommit(Leg leg, String id, Touched touched) throws SQLException {
        writeCurrent(leg, id, touched, COMMIT);
    }

    private void writeCurrent(Leg leg, String id, Touched touched, String end) throws SQLException {
        long known = epoch.getAsLong();
        try {
            new MarkInsert(leg, instance, known, leg.unlessPassedBy(), end)
                    .write(id, touched.entries(), touched.reason());
        } catch (SQLException e) {
            throw leg.dialect.isTwoRows(e) ? Faults.passedBy(instance, known, leg.side, e) : e;
        }
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
        Deque<String> done = done(side);
        synchronized (done) {
            return new ArrayList<>(done);
        }
    }

    private Deque<String> done(Side side) {
        return side == Side.OLD ? oldDone : newDone;
    }

    /** Whether marks wait to be cleared on the side. */
    public boolean hasDone(Side side) {
        Deque<String> done = done(side);
        synchronized (done) {
            return !done.isEmpty();
        }
    }

    /**
     * Deletes marks whose transactions ended well on both sides, in batches, each in a transaction of its own. What fails stays
     * to be tried again; a mark that is never cleared costs a repair, never a row.
     */
    public void clear(Side side, Connection connection) throws SQLException {
        Deque<String> done = done(side);
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
