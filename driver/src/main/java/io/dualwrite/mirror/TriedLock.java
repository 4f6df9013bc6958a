package io.dualwrite.mirror;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A query for a session's lock that does not wait for it, or not for ever, and answers whether it was had (R9). Stateless. */
public final class TriedLock {

    private TriedLock() {}

    /**
     * Asks on the leg, by a statement whose rows can be read twice; whoever gets the answer closes it.
     *
     * @throws SQLException the vendor's own
     */
    public static WriteOutcome ask(Leg leg, WriteRequest request) throws SQLException {
        PreparedStatement prepared = leg.prepare(request.sql);
        leg.handOver(request.sql);
        request.binder.bind(prepared, 0);
        ResultSet rows = prepared.execute() ? prepared.getResultSet() : null;
        return new WriteOutcome(rows == null ? prepared.getUpdateCount() : 0, rows, 0, prepared, true);
    }

    /**
     * Whether the answer is one value that says no: false, 0, or NULL for a wait that failed. Leaves its rows before the first.
     *
     * @throws SQLException the vendor's own
     */
    public static boolean denies(WriteOutcome answer) throws SQLException {
        ResultSet rows = answer.rows;
        if (rows == null || rows.getMetaData().getColumnCount() != 1 || !rows.next()) {
            return false;
        }
        Object said = rows.getObject(1);
        rows.beforeFirst();
        return said == null || Boolean.FALSE.equals(said) || said instanceof Number && ((Number) said).longValue() == 0;
    }
}
