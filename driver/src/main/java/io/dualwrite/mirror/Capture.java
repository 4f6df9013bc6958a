package io.dualwrite.mirror;

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
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a write on a leg and learns which rows it touched (R25): as one query where the vendor has one, else by a locking
 * select of the keys before the write and a read back after it.
 */
final class Capture {
    private static final int KEYS_A_READ = 100;
    private static final String RETURNING = " RETURNING ";

    private Capture() {}

    /**
     * Runs the write.
     *
     * @throws SQLException the vendor's own
     */
    static Captured run(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        Classification statement = request.classification;
        boolean rekeys = statement.verb() == Verb.UPDATE && assignsKey(statement, table);
        List<RowKey> former = rekeys ? keysOf(select(leg, table, table.key, request)) : Collections.<RowKey>emptyList();
        String query = query(leg, table, request);
        if (query == null) {
            return byKeys(leg, table, request);
        }
        Captured captured = byQuery(leg, table, request, query, former);
        return rekeys && !hasHit(leg, table, captured, former) ? captured.asIncomplete() : captured;
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
        // A key may be written in another way, and find the row that it found before
        return written.containsAll(keysOf(readBack(leg, table, new ArrayList<>(left))));
    }

    /** The one query by which the write runs and its rows are learnt, or null where that takes several. */
    static @Nullable String soleQuery(Leg leg, TableShape table, WriteRequest request) {
        Classification statement = request.classification;
        boolean asksFirst = statement.verb() == Verb.UPDATE && assignsKey(statement, table);
        return asksFirst ? null : query(leg, table, request);
    }

    /** Why the rows of this write cannot be told exactly, in words for an operator; null where they can. */
    static @Nullable String obstacle(Leg leg, TableShape table, WriteRequest request) {
        Verb verb = request.classification.verb();
        if (table.key.isEmpty()) {
            return "table " + table + " has no primary key, no unique key without NULL and no key." + table.name.table()
                    + " in the file";
        }
        if (request.classification.is(Trait.DELETES_MATCHED)) {
            return "the rows that this " + verb + " deletes from " + table + " cannot be told";
        }
        if (mayRekey(request.classification, table)) {
            return "the " + verb + " may change key columns of a row of " + table + " that is there already";
        }
        if (query(leg, table, request) != null) {
            return null;
        }
        if (verb != Verb.UPDATE && verb != Verb.DELETE) {
            return "the rows that this " + verb + " writes to " + table + " cannot be told on " + leg.dialect.vendor();
        }
        if (request.classification.is(Trait.LIMITED)) {
            return "which rows an " + verb + " of " + table + " with LIMIT writes cannot be told on "
                    + leg.dialect.vendor();
        }
        if (request.classification.is(Trait.VARYING_ROWS)) {
            return "the WHERE of the " + verb + " of " + table
                    + " may find other rows each time it is read (RAND(), UUID(), a subquery with UNION)";
        }
        return assignsKey(request.classification, table) ? "the UPDATE changes key columns of " + table : null;
    }

    /** Whether it may give a row that is there another key. What was to be inserted has the same key where the row is found by that. */
    private static boolean mayRekey(Classification upsert, TableShape table) {
        if (holdsKey(upsert.upsertSets(), table)) {
            return true;
        }
        if (!holdsKey(upsert.upsertCopies(), table) && !upsert.upsertCopies().contains(Classification.ALL_COLUMNS)) {
            return false;
        }
        return upsert.upsertKey().isEmpty()
                ? !table.secondaryKeys.isEmpty()
                : !holdsAllOfKey(upsert.upsertKey(), table);
    }

    /** The database may change such a key with any column. */
    private static boolean hasComputedKey(TableShape table) {
        for (Column column : table.key) {
            if (column.computed) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsKey(List<String> columns, TableShape table) {
        for (String column : columns) {
            if (table.isKey(column)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsAllOfKey(List<String> columns, TableShape table) {
        for (Column column : table.key) {
            boolean held = false;
            for (String name : columns) {
                held |= name.equalsIgnoreCase(column.name);
            }
            if (!held) {
                return false;
            }
        }
        return true;
    }

    private static boolean assignsKey(Classification statement, TableShape table) {
        return holdsKey(statement.assigned(), table) || hasComputedKey(table);
    }

    private static @Nullable String query(Leg leg, TableShape table, WriteRequest request) {
        return request.keys.wanted()
                ? newQuery(leg, table, request)
                : leg.captureTexts.of(request.sql, request.classification, table, () -> newQuery(leg, table, request));
    }

    private static @Nullable String newQuery(Leg leg, TableShape table, WriteRequest request) {
        Classification statement = request.classification;
        if (statement.deltaStart() >= 0) {
            return request.sql.substring(0, statement.deltaStart())
                    + ", " + leg.dialect.readings("", table.columns) + ' '
                    + request.sql.substring(statement.deltaStart(), statement.bodyEnd());
        }
        int returning = statement.returningStart();
        if (returning >= 0) {
            String body = request.sql.substring(0, statement.bodyEnd());
            String plain = body.substring(0, returning);
            String captured = leg.dialect.capturing(
                    plain, statement.verb(), table, statement.target(), Collections.<String>emptyList());
            return captured == null
                    ? null
                    : body + ", " + captured.substring(captured.lastIndexOf(RETURNING) + RETURNING.length());
        }
        return leg.dialect.capturing(
                request.sql.substring(0, statement.bodyEnd()),
                statement.verb(),
                table,
                statement.target(),
                request.keys.columns(table, statement.verb(), leg.dialect.vendor()));
    }

    private static Captured byQuery(Leg leg, TableShape table, WriteRequest request, String query, List<RowKey> former)
            throws SQLException {
        ResultSet rows = rows(leg, request, query, 0);
        List<RowImage> images = images(rows, table, table.columns);
        SQLWarning warned = rows.getStatement().getWarnings();
        if (request.keys.givenOf(table, request.classification.verb(), leg.dialect.vendor())
                || request.classification.is(Trait.RETURNS_ROWS)) {
            int asked = rows.getMetaData().getColumnCount() - table.columns.size();
            rows.beforeFirst();
            handOver(leg, request, query);
            boolean isResult = request.classification.is(Trait.RETURNS_ROWS)
                    && !(request.keys.wanted() && leg.dialect.givesReturnedRowsForKeys());
            WriteOutcome outcome = new WriteOutcome(images.size(), rows, asked, rows.getStatement(), isResult);
            return new Captured(table, images, former, outcome.warnedOf(warned), false);
        }
        rows.close();
        WriteOutcome outcome = WriteOutcome.count(images.size()).warnedOf(warned);
        return new Captured(table, images, former, outcome, false);
    }

    /**
     * A count below the locked rows is that of a driver which counts changed rows only. One above them means that a row came in
     * between, which nobody here has seen.
     */
    private static Captured byKeys(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        boolean delete = request.classification.verb() == Verb.DELETE;
        List<RowImage> before = select(leg, table, delete ? table.columns : table.key, request);
        WriteOutcome outcome = plain(leg, request);
        boolean incomplete = delete ? outcome.count != before.size() : outcome.count > before.size();
        List<RowImage> images = delete ? before : readBack(leg, table, keysOf(before));
        return new Captured(table, images, Collections.<RowKey>emptyList(), outcome, incomplete);
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
        try (ResultSet rows = rows(leg, request, query, statement.parametersBeforeWhere())) {
            return images(rows, table, columns);
        }
    }

    /** Executes on a statement that ends with its rows. */
    private static <T> T verbatim(Leg leg, WriteRequest request, Execution<Statement, T> execution)
            throws SQLException {
        Statement plain = leg.plain(request.terms);
        try {
            return timed(leg, plain, request, execution);
        } catch (SQLException e) {
            plain.close();
            throw e;
        }
    }

    /** Runs a query that is made of the application's text, with its values after the first {@code from}. */
    private static ResultSet rows(Leg leg, WriteRequest request, String query, int from) throws SQLException {
        if (request.isVerbatim()) {
            return verbatim(leg, request, plain -> plain.executeQuery(query));
        }
        PreparedStatement prepared = leg.prepare(query);
        request.binder.bind(prepared, from);
        return timed(leg, prepared, request, PreparedStatement::executeQuery);
    }

    private static void handOver(Leg leg, WriteRequest request, String query) {
        if (!request.isVerbatim()) {
            leg.handOver(query);
        }
    }

    /** Runs the write without learning its rows. */
    static WriteOutcome unwatched(Leg leg, WriteRequest request) throws SQLException {
        if (request.classification.is(Trait.RETURNS_ROWS)) {
            ResultSet rows = rows(leg, request, request.sql, 0);
            handOver(leg, request, request.sql);
            return new WriteOutcome(0, rows, 0, rows.getStatement(), true)
                    .warnedOf(rows.getStatement().getWarnings());
        }
        if (!request.keys.wanted()) {
            return plain(leg, request);
        }
        if (request.isVerbatim()) {
            return verbatim(leg, request, plain -> {
                int count = request.keys.executeUpdate(plain, request.sql);
                return new WriteOutcome(count, plain.getGeneratedKeys(), 0, plain, false).warnedOf(plain.getWarnings());
            });
        }
        PreparedStatement prepared = request.keys.prepare(leg.connection, request.sql);
        request.binder.bind(prepared, 0);
        int count = timed(leg, prepared, request, PreparedStatement::executeUpdate);
        return new WriteOutcome(count, prepared.getGeneratedKeys(), 0, prepared, false)
                .warnedOf(prepared.getWarnings());
    }

    private static WriteOutcome plain(Leg leg, WriteRequest request) throws SQLException {
        if (request.isVerbatim()) {
            try (Statement plain = leg.plain(request.terms)) {
                int count = timed(leg, plain, request, running -> running.executeUpdate(request.sql));
                return WriteOutcome.count(count).warnedOf(plain.getWarnings());
            }
        }
        PreparedStatement prepared = leg.prepare(request.sql);
        request.binder.bind(prepared, 0);
        int count = timed(leg, prepared, request, PreparedStatement::executeUpdate);
        return WriteOutcome.count(count).warnedOf(prepared.getWarnings());
    }

    /** How a statement is executed. */
    interface Execution<S extends Statement, T> {
        T of(S statement) throws SQLException;
    }

    /** Executes under the application's query timeout; some drivers ask the server to change it, so it is touched only if there is one. */
    static <S extends Statement, T> T timed(Leg leg, S statement, WriteRequest request, Execution<S, T> execution)
            throws SQLException {
        leg.running(statement);
        try {
            if (request.terms.timeoutSeconds == 0) {
                return execution.of(statement);
            }
            statement.setQueryTimeout(request.terms.timeoutSeconds);
            try {
                return execution.of(statement);
            } finally {
                statement.setQueryTimeout(0);
            }
        } finally {
            leg.running(null);
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
            int index = 1;
            for (RowKey key : some) {
                for (int i = 0; i < key.values.length; i++) {
                    Values.bind(prepared, index++, key.values[i], table.key.get(i), leg.dialect);
                }
            }
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
