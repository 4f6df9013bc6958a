package io.dualwrite.mirror;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * Commits on a rung with one leg: the vendor's own affair, but for what is to be marked without a mirror, Data B in phase 2, whose marks go
 * in before it. Used by the transaction's thread alone.
 */
final class OneCommit {
    private final Marks marks;
    private final Session session;
    private final Outliving outliving;
    private final Touched touched;

    OneCommit(Marks marks, Session session, Outliving outliving, Touched touched) {
        this.marks = marks;
        this.session = session;
        this.outliving = outliving;
        this.touched = touched;
    }

    /**
     * Writes the marks and commits.
     *
     * @throws SQLException the vendor's own; what was to be marked is rolled back
     */
    void commit(Leg leg) throws SQLException {
        try {
            writeMarks(leg);
            leg.connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            undoMarked(leg, e);
            throw e;
        }
    }

    /**
     * The application says COMMIT or ROLLBACK by text: the marks go in before it.
     *
     * @throws SQLException the vendor's own; what was to be marked is rolled back
     */
    <T> T endByText(Leg leg, boolean commits, OnLeg<T> statement) throws SQLException {
        try {
            if (commits) {
                writeMarks(leg);
            } else {
                rolledBack();
            }
            return statement.run(leg);
        } catch (SQLException | RuntimeException | Error e) {
            undoMarked(leg, e);
            throw e;
        }
    }

    /** Writes what is to be marked so far into the open transaction. */
    void writeMarks(Leg leg) throws SQLException {
        if (!touched.isEmpty()) {
            marks.write(leg, marks.newId(), touched, touched.reason());
        }
    }

    /**
     * What was to be marked and is not committed must not stay open, for whatever commits it later would do so without its mark. Undone by
     * text, for a text may have begun it.
     */
    private void undoMarked(Leg leg, Throwable because) {
        if (touched.isEmpty()) {
            return;
        }
        rolledBack();
        try (Statement statement = leg.connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            because.addSuppressed(e);
        } catch (RuntimeException | Error e) {
            because.addSuppressed(e);
            leg.abort(Runnable::run);
        }
    }

    private void rolledBack() {
        session.transactionRolledBack();
        outliving.rolledBack();
    }
}
