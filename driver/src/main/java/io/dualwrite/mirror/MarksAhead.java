package io.dualwrite.mirror;

import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks of what the transaction's end does not decide (R12), used by the transaction's thread alone. Ahead of a statement that may commit by
 * itself what is open, on the one side on which it runs: a rollback that comes too late there, and a crash, leave them; they are cleared
 * after a commit whose own mark names the same. And after a rollback those of tables that keep their rows all the same.
 */
final class MarksAhead {
    private final Marks marks;
    private final Touched touched;
    private final List<String> written = new ArrayList<>(0);

    MarksAhead(Marks marks, Touched touched) {
        this.marks = marks;
        this.touched = touched;
    }

    /**
     * Marks, in the leg's open transaction, what the transaction has touched, and these tables whole; where the list is empty, all
     * tables.
     */
    void write(Leg leg, List<TableName> tables, String reason) throws SQLException {
        String id = marks.newId();
        marks.write(leg, id, touched.with(tables), reason);
        written.add(id);
    }

    /** The statement for which the last mark went in has done nothing, and has ended nothing: it could not be read. */
    void takeBack(Leg leg, SQLException failure) {
        try {
            marks.takeBack(leg, written.remove(written.size() - 1));
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** The transaction has committed on both sides, with its own mark. */
    void committed() {
        written.forEach(marks::clearLater);
    }

    /** The transaction was rolled back: what its tables keep all the same is marked in a transaction of its own. What fails is logged. */
    void rolledBack(@Nullable Leg leg) {
        if (leg == null || !touched.hasKept()) {
            return;
        }
        Touched kept = touched.kept();
        try {
            marks.write(leg, marks.newId(), kept, kept.reason());
            if (!leg.autoCommit()) {
                leg.connection.commit();
            }
        } catch (SQLException e) {
            Faults.LOG.warn(
                    "{} on {} keep rows of a transaction that was rolled back, for their engine has no transactions, and could not be"
                            + " marked: run dualwrite verify, then repair: {}",
                    kept,
                    leg.side.word(),
                    Faults.described(e));
        }
    }

    boolean isNeeded() {
        return !written.isEmpty();
    }

    /** The transaction has ended, however, or is undone: what has gone in stays. */
    void keep() {
        written.clear();
    }
}
