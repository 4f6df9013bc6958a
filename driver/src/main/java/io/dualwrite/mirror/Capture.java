package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Values;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a write on a leg and learns which rows it touched (R25): as one query where the vendor has one, else by a locking
 * select of the keys before the write and a read back after it.
 */
final class Capture {
    private static final int KEYS_A_READ = 100;
    private static final int MOST_HELD = 1_000;

    private Capture() {}

    /**
     * Runs the write.
     *
     * @throws SQLException the vendor's own
     */
    static Captured run(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        Classification statement = request.classification;
        String query = Capturable.query(leg, table, request);
        if (query == null) {
            return byKeys(leg, table, request);
        }
        if (Capturable.rekeys(statement, table)) {
            List<RowKey> former = keysOf(select(leg, table, table.key, request));
            Captured captured = byQuery(leg, table, request, query, former);
            return hasHit(leg, table, captured, former) ? captured : captured.with(Captured.Gap.UNSEEN);
        }
        if (Capturable.mayLeaveOut(statement, table)) {
            // -1 where they come from a query: nobody knows how many there were, and the write counts as incomplete.
            int rows = statement.verb() == Verb.INSERT
                    ? statement.rows()
                    : select(leg, table, table.key, request).size();
            Captured captured = byQuery(leg, table, request, query, Collections.<RowKey>emptyList());
            return captured.images.size() == rows ? captured : captured.with(Captured.Gap.LEFT_OUT);
        }
        return byQuery(leg, table, request, query, Collections.<RowKey>emptyList());
    }

    /** Whether the write has hit just the rows that had these keys: as many, and none is left under a key that no written row has. */
    private static boolean hasHit(Leg leg, TableShape table, Captured captured, List<RowKey> former)
            throws SQLException {
        if (captured.images.size() != former.size()) {
            return false;
        }
        Set<RowKey> written = new LinkedHashSet<>(keysOf(captured.images));
        Set<RowKey> left = new LinkedHashSet<>(former);
        left.removeAll(written);
        // A key may be written in another way, and find the row that it found before.
        return written.containsAll(keysOf(readBack(leg, table, new ArrayList<>(left))));
    }

    private static Captured byQuery(Leg leg, TableShape table, WriteRequest request, String query, List<RowKey> former)
            throws SQLException {
        ResultSet rows = Executing.rows(leg, request, query, 0);
        List<RowImage> images = images(rows, table, table.columns);
        SQLWarning warned = Executing.warningsOf(rows.getStatement());
        if (request.keys.givenOf(table, request.classification.verb(), leg.dialect.vendor())
                || request.classification.is(Trait.RETURNS_ROWS)) {
            int asked = rows.getMetaData().getColumnCount() - table.columns.size();
            rows.beforeFirst();
            Executing.handOver(leg, request, query);
            boolean isResult = request.classification.is(Trait.RETURNS_ROWS)
                    && !(request.keys.wanted() && leg.dialect.givesReturnedRowsForKeys());
            WriteOutcome outcome = new WriteOutcome(images.size(), rows, asked, rows.getStatement(), isResult);
            return new Captured(table, images, former, outcome.warnedOf(warned));
        }
        rows.close();
        WriteOutcome outcome = WriteOutcome.count(images.size()).warnedOf(warned);
        return new Captured(table, images, former, outcome);
    }

    /**
     * A count above the locked rows means that a row came in between, which nobody here has seen; where one may have left in its place, the
     * write is held to the rows that were selected. A row that is not found again has been given another key, by a trigger or ON UPDATE
     * CURRENT_TIMESTAMP.
     */
    private static Captured byKeys(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        boolean delete = request.classification.verb() == Verb.DELETE;
        boolean countsChanged = !delete && leg.countsChangedRows();
        List<RowImage> before = select(leg, table, delete || countsChanged ? table.columns : table.key, request);
        boolean moving = request.classification.is(Trait.MOVING_ROWS);
        boolean held = moving && !request.isVerbatim() && before.size() <= MOST_HELD;
        WriteOutcome outcome = held ? heldTo(leg, table, request, keysOf(before)) : Executing.plain(leg, request);
        List<RowImage> images;
        try {
            images = delete ? before : readBack(leg, table, keysOf(before));
        } catch (SQLException e) {
            return unread(leg, table, outcome, e);
        }
        Captured captured = new Captured(table, images, Collections.<RowKey>emptyList(), outcome);
        if (images.size() < before.size()) {
            return captured.with(Captured.Gap.MOVED);
        }
        if (moving && !held) {
            return captured.with(Captured.Gap.UNHELD);
        }
        int expected = countsChanged ? changed(before, images) : before.size();
        boolean unseen = delete ? outcome.count != expected : outcome.count > expected;
        return unseen ? captured.with(Captured.Gap.UNSEEN) : captured;
    }

    /**
     * The application's statement has succeeded, and its server's answer is what counts.
     *
     * @throws SQLException the failure to read the rows, where the statement is undone with it
     */
    private static Captured unread(Leg leg, TableShape table, WriteOutcome outcome, SQLException failure)
            throws SQLException {
        if (leg.aftermath(failure) != Aftermath.STATEMENT_UNDONE) {
            throw failure;
        }
        Faults.LOG.debug("What was written on {} could not be read: {}", leg.side.word(), Faults.described(failure));
        return new Captured(table, Collections.<RowImage>emptyList(), Collections.<RowKey>emptyList(), outcome)
                .with(Captured.Gap.UNREAD);
    }

    /** How many rows a server has changed, which tells them by each bit of theirs. */
    private static int changed(List<RowImage> before, List<RowImage> after) {
        Map<RowKey, RowImage> former = new HashMap<>();
        for (RowImage image : before) {
            former.put(image.key(), image);
        }
        int changed = 0;
        for (RowImage image : after) {
            RowImage was = former.get(image.key());
            if (was == null || !Arrays.deepEquals(was.values, image.values)) {
                changed++;
            }
        }
        return changed;
    }

    /** Runs a write that has a WHERE, of the rows with these keys alone. */
    private static WriteOutcome heldTo(Leg leg, TableShape table, WriteRequest request, List<RowKey> keys)
            throws SQLException {
        Classification statement = request.classification;
        int condition = statement.whereStart() + "WHERE".length();
        List<RowKey> filled = filled(keys);
        String held = filled.isEmpty() ? "FALSE" : leg.dialect.byKeys(table.key, filled.size());
        String sql = request.sql.substring(0, condition) + " ("
                + request.sql.substring(condition, statement.conditionEnd()) + ") AND (" + held + ')'
                + request.sql.substring(statement.conditionEnd(), statement.whereEnd());
        return Executing.update(
                leg,
                request,
                sql,
                prepared -> Values.bindKeys(prepared, statement.parameters() + 1, filled, table.key, leg.dialect));
    }

    /** The keys, the last one several times, up to a power of two: so the leg keeps few texts of one write. */
    private static List<RowKey> filled(List<RowKey> keys) {
        List<RowKey> filled = new ArrayList<>(keys);
        while (Integer.bitCount(filled.size()) > 1) {
            filled.add(keys.get(keys.size() - 1));
        }
        return filled;
    }

    private static List<RowImage> select(Leg leg, TableShape table, List<Column> columns, WriteRequest request)
            throws SQLException {
        Classification statement = request.classification;
        StringBuilder select = new StringBuilder("SELECT ")
                .append(leg.dialect.readings("", columns))
                .append(" FROM ")
                .append(statement.target());
        if (statement.whereStart() >= 0) {
            select.append(' ');
            int from = statement.whereStart();
            for (int end : statement.subqueryEnds()) {
                select.append(request.sql, from, end).append(" LOCK IN SHARE MODE");
                from = end;
            }
            select.append(request.sql, from, statement.whereEnd());
        }
        String query =
                select.append(leg.dialect.everyRow()).append(" FOR UPDATE").toString();
        try (ResultSet rows = Executing.rows(leg, request, query, statement.parametersBeforeWhere())) {
            return images(rows, table, columns);
        }
    }

    /**
     * Reads the rows of these keys, which the transaction has locked; rows that are not there are left out. They are locked once more, for
     * of a row that was hit and left as it was, a plain read would give what it was when the transaction began to read.
     */
    private static List<RowImage> readBack(Leg leg, TableShape table, List<RowKey> keys) throws SQLException {
        List<RowImage> images = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += KEYS_A_READ) {
            List<RowKey> some = keys.subList(from, Math.min(from + KEYS_A_READ, keys.size()));
            PreparedStatement prepared = leg.prepare(leg.dialect.selectByKeys(table, table.columns, some.size(), true));
            Values.bindKeys(prepared, 1, some, table.key, leg.dialect);
            try (ResultSet rows = prepared.executeQuery()) {
                images.addAll(images(rows, table, table.columns));
            }
        }
        return images;
    }

    /** The images in a result whose last columns are these. */
    static List<RowImage> images(ResultSet rows, TableShape table, List<Column> columns) throws SQLException {
        int before = rows.getMetaData().getColumnCount() - columns.size();
        List<RowImage> images = new ArrayList<>();
        while (rows.next()) {
            Object[] values = new Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Values.read(rows, before + i + 1, columns.get(i));
            }
            images.add(new RowImage(table, columns, values));
        }
        return images;
    }

    static List<RowKey> keysOf(List<RowImage> images) {
        List<RowKey> keys = new ArrayList<>(images.size());
        for (RowImage image : images) {
            keys.add(image.key());
        }
        return keys;
    }

    /** Closes what a write handed over and nobody asked for in the end. */
    static void discard(WriteOutcome outcome) throws SQLException {
        Statement owner = outcome.owner;
        if (owner != null) {
            owner.close();
        }
    }
}
