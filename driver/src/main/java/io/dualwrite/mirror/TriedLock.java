package io.dualwrite.mirror;

import io.dualwrite.sql.Classification;
import io.dualwrite.sql.LockCall;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A query for a session's lock that does not wait for it, or not for ever, and answers whether it was had (R9). Stateless. */
public final class TriedLock {
    /** MariaDB's, by name; it waits for a time that it is given. */
    private static final String GET_LOCK = "get_lock";

    private static final Pattern TRIED = Pattern.compile("pg_try_advisory_lock", Pattern.CASE_INSENSITIVE);

    private TriedLock() {}

    /** Whether the statement is such a query. */
    public static boolean isTriedBy(Classification statement) {
        String routine = String.valueOf(statement.name()).toLowerCase(Locale.ROOT);
        return routine.contains("_try_") || routine.equals(GET_LOCK);
    }

    /**
     * Asks on the leg, by a statement whose rows can be read twice; whoever gets the answer closes it.
     *
     * @throws SQLException the vendor's own
     */
    public static WriteOutcome ask(Leg leg, WriteRequest request) throws SQLException {
        PreparedStatement prepared = leg.prepare(request.sql);
        request.binder.bind(prepared, 0);
        ResultSet rows = prepared.execute() ? prepared.getResultSet() : null;
        leg.handOver(request.sql);
        return new WriteOutcome(rows == null ? prepared.getUpdateCount() : 0, rows, 0, prepared, true);
    }

    /**
     * Gives back what such a query has got, where it got one session's lock; a transaction's goes with it.
     *
     * @return whether there was one to be given back
     * @throws SQLException the vendor's own
     */
    public static boolean letGo(Leg leg, WriteRequest request) throws SQLException {
        List<LockCall> calls = request.classification.lockCalls();
        LockCall call = calls.size() == 1 ? calls.get(0) : null;
        if (call == null) {
            return false;
        }
        boolean byName = call.routine.equals(GET_LOCK);
        if (!byName && !call.routine.contains("try_advisory_lock")) {
            return false;
        }
        StringBuilder sql = new StringBuilder();
        if (byName) {
            sql.append("SELECT RELEASE_LOCK(").append(call.argument).append(')');
            for (int i = 0; i < call.parametersBehind; i++) {
                sql.append(", ?");
            }
        } else {
            sql.append(TRIED.matcher(request.sql).replaceAll("pg_advisory_unlock"));
        }
        try (PreparedStatement prepared = leg.connection.prepareStatement(sql.toString())) {
            request.binder.bind(prepared, byName ? call.parametersBefore : 0);
            prepared.execute();
        }
        return true;
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
