package io.dualwrite.mirror;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;

/** What there is by a table's name, of whatever kind and in any schema that the connection sees. Stateless. */
final class Relations {
    /** PostgreSQL's schemas of what sessions keep to themselves. */
    private static final String OF_SESSIONS = "pg_temp_";

    private Relations() {}

    static boolean any(Connection connection, TableName table) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        // MariaDB's schemas are catalogues.
        String catalog = metaData.supportsSchemasInTableDefinitions() || table.schema() == null
                ? connection.getCatalog()
                : table.schema();
        String name = table.table();
        for (String spelt : new LinkedHashSet<>(
                Arrays.asList(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)))) {
            if (any(metaData, catalog, spelt)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(DatabaseMetaData metaData, String catalog, String name) throws SQLException {
        String escape = metaData.getSearchStringEscape();
        String pattern =
                name.replace(escape, escape + escape).replace("_", escape + '_').replace("%", escape + '%');
        try (ResultSet found = metaData.getTables(catalog, null, pattern, null)) {
            while (found.next()) {
                String schema = found.getString("TABLE_SCHEM");
                if (schema == null || !schema.startsWith(OF_SESSIONS)) {
                    return true;
                }
            }
        }
        return false;
    }
}
