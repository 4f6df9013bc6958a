package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which generated keys the application asked for, in one of JDBC's four forms. Immutable. */
public final class KeyRequest {
    /** {@code NO_GENERATED_KEYS}, or no word about them. */
    public static final KeyRequest NONE = new KeyRequest(false, null, null);
    /** {@code RETURN_GENERATED_KEYS}. */
    public static final KeyRequest GENERATED = new KeyRequest(true, null, null);

    /** How H2 names, in its refusal, a column that is not there; PostgreSQL's driver takes no places. */
    private static final String NO_COLUMN = "Index: ";

    private final boolean wanted;
    private final String @Nullable [] names;
    private final int @Nullable [] indexes;

    private KeyRequest(boolean wanted, String @Nullable [] names, int @Nullable [] indexes) {
        this.wanted = wanted;
        this.names = names;
        this.indexes = indexes;
    }

    /** The columns of these names. */
    public static KeyRequest names(String @Nullable [] names) {
        return names == null || names.length == 0 ? NONE : new KeyRequest(true, names.clone(), null);
    }

    /** The columns at these 1-based places of the table. */
    public static KeyRequest indexes(int @Nullable [] indexes) {
        return indexes == null || indexes.length == 0 ? NONE : new KeyRequest(true, null, indexes.clone());
    }

    /** Whether any key is wanted. */
    public boolean wanted() {
        return wanted;
    }

    /** Whether this vendor's driver gives any where they are wanted: of a DELETE PostgreSQL's alone does. */
    boolean wantedOf(Verb verb, Vendor vendor) {
        return wanted && (verb != Verb.DELETE || vendor == Vendor.POSTGRESQL);
    }

    /** Whether this vendor's driver gives any of the table's rows; where no columns are named PostgreSQL's gives all. */
    boolean givenOf(TableShape table, Verb verb, Vendor vendor) {
        return wantedOf(verb, vendor)
                && (vendor == Vendor.POSTGRESQL || !columns(table, verb, vendor).isEmpty());
    }

    /** Whether this vendor's driver refuses such a request by itself, before anything is written. */
    public boolean isRefusedBy(Vendor vendor) {
        return indexes != null && vendor == Vendor.POSTGRESQL;
    }

    /** Beside identities its driver gives what the server computes, and the primary key. */
    private static boolean isGivenByH2(TableShape table, Column column) {
        return column.computed || column.computesDefault || table.isKey(column.name);
    }

    /** The statement as the application prepared it. */
    PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        if (names != null) {
            return connection.prepareStatement(sql, names);
        }
        return indexes != null
                ? connection.prepareStatement(sql, indexes)
                : connection.prepareStatement(sql, whether());
    }

    /** Executes a text as the application would. */
    int executeUpdate(Statement statement, String sql) throws SQLException {
        if (names != null) {
            return statement.executeUpdate(sql, names);
        }
        return indexes != null ? statement.executeUpdate(sql, indexes) : statement.executeUpdate(sql, whether());
    }

    private int whether() {
        return wanted ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS;
    }

    /** The columns to give back first, as this vendor's own driver would. */
    List<String> columns(TableShape table, Verb verb, Vendor vendor) {
        if (!wantedOf(verb, vendor)) {
            return Collections.emptyList();
        }
        List<String> columns = new ArrayList<>();
        if (vendor == Vendor.MARIADB) {
            // Whatever was asked for, its driver gives back the generated key alone.
            for (Column column : table.columns) {
                if (column.generatedKey) {
                    columns.add(column.name);
                }
            }
        } else if (names != null) {
            columns.addAll(Arrays.asList(names));
        } else if (indexes != null) {
            for (int index : indexes) {
                boolean isThere = index >= 1 && index <= table.columns.size();
                columns.add(isThere ? table.columns.get(index - 1).name : NO_COLUMN + index);
            }
        } else {
            // PostgreSQL's gives all, as the row image has them, but for those of which that has the text.
            boolean all = vendor == Vendor.POSTGRESQL && table.hasTextOfValues;
            for (Column column : table.columns) {
                if (all || vendor != Vendor.POSTGRESQL && isGiven(table, column, vendor)) {
                    columns.add(column.name);
                }
            }
        }
        return columns;
    }

    private static boolean isGiven(TableShape table, Column column, Vendor vendor) {
        return column.generatedKey || vendor == Vendor.H2 && isGivenByH2(table, column);
    }
}
