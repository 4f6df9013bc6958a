package io.dualwrite.copier.check;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what the user may do by having the server plan it, which asks for the same rights as doing it, roles and all. H2
 * asks for them only when it runs a statement: there one that touches no row is run and rolled back.
 */
final class RightsReader {
    /** The vendors' codes for a right that is lacking: MariaDB's by table, by column and by database, H2's. */
    private static final List<Integer> DENIED = List.of(1142, 1143, 1044, 90096);

    private static final String POSTGRES_CREATES = "SELECT 1 WHERE has_schema_privilege(current_schema(), 'CREATE')";
    private static final String MARIADB_CREATES = "SELECT 1 FROM information_schema.user_privileges"
            + " WHERE privilege_type = 'CREATE' UNION SELECT 1 FROM information_schema.schema_privileges"
            + " WHERE privilege_type = 'CREATE' AND DATABASE() LIKE table_schema";

    private final Connection connection;
    private final Dialect dialect;

    RightsReader(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * What the user may not do. Immutable.
     *
     * @param denied those of SELECT, INSERT, UPDATE and DELETE that it lacks
     * @param unknown those of which it could not be found out, each with the reason
     * @param hidden whether policies of row-level security hold for the user, which may hide rows from it
     */
    record Lacking(List<String> denied, List<String> unknown, boolean hidden) {}

    Lacking lacking(TableShape table) throws SQLException {
        if (hidesRows(table)) {
            return new Lacking(List.of(), List.of(), true);
        }
        List<String> denied = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, String> use : uses(table).entrySet()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(dialect.vendor() == Vendor.H2 ? use.getValue() : "EXPLAIN " + use.getValue());
            } catch (SQLException failure) {
                if (SqlState.NO_RIGHT.is(failure) || DENIED.contains(failure.getErrorCode())) {
                    denied.add(use.getKey());
                } else {
                    unknown.add(use.getKey() + " (SQLSTATE " + failure.getSQLState() + ")");
                }
            } finally {
                connection.rollback();
            }
        }
        return new Lacking(denied, unknown, false);
    }

    private boolean hidesRows(TableShape table) throws SQLException {
        if (dialect.vendor() != Vendor.POSTGRESQL) {
            return false;
        }
        try (PreparedStatement ask = connection.prepareStatement("SELECT row_security_active(CAST(? AS regclass))")) {
            ask.setString(1, dialect.quote(table.name));
            try (ResultSet row = ask.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException failure) {
            if (SqlState.NO_RIGHT.is(failure)) {
                // Of the schema; it is said below what is lacking.
                return false;
            }
            throw failure;
        } finally {
            connection.rollback();
        }
    }

    /** A statement for each right, none of which touches a row. */
    private Map<String, String> uses(TableShape table) {
        String name = dialect.quote(table.name);
        String nowhere = " WHERE 1 = 0";
        Map<String, String> uses = new LinkedHashMap<>();
        uses.put("SELECT", "SELECT * FROM " + name + nowhere);
        List<String> plain = table.writable().stream()
                .filter(column -> !column.alwaysIdentity)
                .map(column -> dialect.quote(column.name))
                .toList();
        if (!plain.isEmpty()) {
            String all = String.join(", ", plain);
            String one = plain.get(plain.size() - 1);
            uses.put("INSERT", "INSERT INTO " + name + " (" + all + ") SELECT " + all + " FROM " + name + nowhere);
            uses.put("UPDATE", "UPDATE " + name + " SET " + one + " = " + one + nowhere);
        }
        uses.put("DELETE", "DELETE FROM " + name + nowhere);
        return uses;
    }

    /** Whether this product's own tables are there and the user may use them. */
    boolean hasOwnTables() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT 1 FROM " + OwnTables.PHASE + " WHERE 1 = 0")
                    .close();
            return true;
        } catch (SQLException missing) {
            return false;
        } finally {
            connection.rollback();
        }
    }

    /** Whether the user is known to be allowed to make tables. */
    boolean mayCreateTables() throws SQLException {
        if (dialect.vendor() == Vendor.H2) {
            return true;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        dialect.vendor() == Vendor.POSTGRESQL ? POSTGRES_CREATES : MARIADB_CREATES)) {
            return row.next();
        } finally {
            connection.rollback();
        }
    }
}
