package io.dualwrite.mirror;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The shapes of the tables on both sides, read when first needed and kept until the schema changes. Thread-safe. */
public final class Catalogue {
    private static final int MOST_SHAPES = 10_000;

    /** How long another instance's change of the schema may stay unseen by statements that do not name what is new. */
    private static final long OLD_NANOS = 2_000_000_000L;

    private final Map<String, TableShape> shapes = new ConcurrentHashMap<>();
    private final Map<String, TableShape> former = new ConcurrentHashMap<>();
    private final Map<Side, Boolean> defers = new ConcurrentHashMap<>();
    private final Map<String, Boolean> readers = new ConcurrentHashMap<>();
    private final Map<Side, Map<String, List<String>>> namesakes = new ConcurrentHashMap<>();
    private final Function<TableName, List<String>> declaredKeys;
    private volatile long readAt = System.nanoTime();

    /**
     * A catalogue.
     *
     * @param declaredKeys the columns by which rows of a table without a key are told apart; empty where nothing is known
     */
    public Catalogue(Function<TableName, List<String>> declaredKeys) {
        this.declaredKeys = declaredKeys;
    }

    /**
     * The table's shape on the leg's side. The other side's own schema is left out where this side does not have it.
     *
     * @throws SQLException SQLSTATE 42P01 if there is no such table
     */
    TableShape shape(Leg leg, TableName table) throws SQLException {
        String abroad = table.schema() == null ? leg.abroad() : null;
        String key = key(leg, table, abroad);
        TableShape known = shapes.get(key);
        if (known != null) {
            return known;
        }
        TableShape read;
        try {
            read = leg.dialect.shape(leg.connection, table);
        } catch (SQLException e) {
            String schema = table.schema();
            if (schema == null || !SqlState.NO_TABLE.is(e) || !leg.isHomeOfOther(schema)) {
                throw e;
            }
            read = leg.dialect.shape(leg.connection, TableName.of(table.table()));
        }
        read = read.keyedBy(declaredKeys.apply(read.name));
        if (shapes.size() >= MOST_SHAPES) {
            shapes.clear();
            former.clear();
        }
        TableShape before = former.remove(key);
        if (before != null && before.describesTheSameAs(read)) {
            read = before;
        }
        shapes.put(key, read);
        return read;
    }

    /**
     * The shape for a statement that names these columns: one that is not known was added since the shape was read, by an
     * instance that runs DDL on both sides.
     */
    TableShape shape(Leg leg, TableName table, Iterable<String> named) throws SQLException {
        TableShape shape = shape(leg, table);
        for (String column : named) {
            if (shape.column(column) == null) {
                // On both sides: the mirror's shape is as old.
                clear();
                return shape(leg, table);
            }
        }
        return shape;
    }

    /** As {@link #shape(Leg, TableName, Iterable)}, or null where the side knows no table of that name. */
    @Nullable
    TableShape find(Leg leg, TableName table, Iterable<String> named) throws SQLException {
        try {
            return shape(leg, table, named);
        } catch (SQLException e) {
            if (SqlState.NO_TABLE.is(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Whether the leg's side may put off checking constraints until the commit. */
    boolean defersConstraints(Leg leg) throws SQLException {
        Boolean known = defers.get(leg.side);
        if (known == null) {
            known = leg.dialect.hasDeferrableConstraints(leg.connection);
            defers.put(leg.side, known);
        }
        return known;
    }

    /** Whether the catalogue of the leg's side says that the function reads only. */
    boolean readsOnly(Leg leg, String function) throws SQLException {
        String key = leg.side.word() + ' ' + function;
        Boolean known = readers.get(key);
        if (known == null) {
            known = leg.dialect.readsOnly(leg.connection, function);
            readers.put(key, known);
        }
        return known;
    }

    /**
     * The user's own functions on the side that may write and have the name of a built-in one, lower case, each with its schemas; null
     * where {@link #readNamesakes} has not read them yet.
     */
    @Nullable
    Map<String, List<String>> namesakes(Side side) {
        return namesakes.get(side);
    }

    /** Reads what {@link #namesakes} tells from then on. */
    Map<String, List<String>> readNamesakes(Leg leg) throws SQLException {
        Map<String, List<String>> read = leg.dialect.usersFunctions(leg.connection);
        read.keySet().removeIf(name -> !StatementClassifier.isBuiltIn(name));
        namesakes.put(leg.side, read);
        return read;
    }

    /** Reads shapes again that were read some seconds ago, where instances change the schema on both sides. */
    void forgetOld() {
        long now = System.nanoTime();
        if (now - readAt > OLD_NANOS) {
            readAt = now;
            clear();
        }
    }

    /**
     * The shape of the table that a statement wrote on the other leg.
     *
     * @param abroad where the other leg looked for an unqualified name, or null for its home
     * @throws SQLException SQLSTATE 3F000 if this leg looks elsewhere, so that the same name means another table here; 0A000 if its
     *     engine has no transactions, so that what is written could not be rolled back
     */
    TableShape counterpart(Leg leg, TableName table, @Nullable String abroad) throws SQLException {
        String schema = table.schema();
        if (schema == null) {
            String here = leg.abroad();
            if (here == null ? abroad != null : !here.equalsIgnoreCase(abroad)) {
                throw new SQLException(
                        "Unqualified names mean " + said(abroad) + " on "
                                + leg.side.other().word() + " and " + said(here) + " on " + leg.side.word()
                                + "; a write of " + table + " is not mirrored to another table",
                        SqlState.OTHER_SCHEMA.code());
            }
        }
        if (schema == null) {
            return requireTransactions(shape(leg, table));
        }
        // Both sides may lie on one server, where the other's name is found as well and means the other's table.
        leg.abroad();
        return requireTransactions(shape(leg, TableName.of(leg.named(schema, leg.side.other()), table.table())));
    }

    /** As {@link #counterpart}, or null where the leg's server would have to be asked. */
    @Nullable
    TableShape knownCounterpart(Leg leg, TableName table, @Nullable String abroad) {
        boolean atHome = table.schema() == null && abroad == null && !leg.mayBeAbroad();
        TableShape known = atHome ? shapes.get(key(leg, table, null)) : null;
        return known != null && known.transactional ? known : null;
    }

    private static TableShape requireTransactions(TableShape table) throws SQLException {
        if (!table.transactional) {
            throw Faults.refused(Capturable.withoutTransactions(table));
        }
        return table;
    }

    private static String key(Leg leg, TableName table, @Nullable String abroad) {
        return leg.side.word() + ' ' + (abroad == null ? "" : abroad + ": ") + table;
    }

    private static String said(@Nullable String abroad) {
        return abroad == null ? "the schema of its URL" : "schema " + abroad;
    }

    /** Forgets everything: the schema may have changed. */
    public void clear() {
        readers.clear();
        namesakes.clear();
        if (!shapes.isEmpty()) {
            former.putAll(shapes);
            shapes.clear();
            defers.clear();
        }
    }
}
