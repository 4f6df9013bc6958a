package io.dualwrite.copier.propose;

import io.dualwrite.dialect.Vendor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How large a table is, as far as the server keeps count of it. Immutable.
 *
 * @param rows about how many
 * @param bytes with its indexes; 0 where the server does not tell
 */
public record TableSize(long rows, long bytes) {
    static final TableSize UNKNOWN = new TableSize(0, 0);

    private static final String POSTGRES = "SELECT c.relname, GREATEST(c.reltuples, 0)::bigint,"
            + " pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema()";
    private static final String MARIADB = "SELECT table_name, table_rows, data_length + index_length"
            + " FROM information_schema.tables WHERE table_schema = DATABASE()";
    private static final String H2 = "SELECT TABLE_NAME, ROW_COUNT_ESTIMATE, 0 FROM INFORMATION_SCHEMA.TABLES"
            + " WHERE TABLE_SCHEMA = SCHEMA()";

    /** The sizes by the table's name in lower case. */
    static Map<String, TableSize> read(Connection connection, Vendor vendor) throws SQLException {
        String sql =
                switch (vendor) {
                    case POSTGRESQL -> POSTGRES;
                    case MARIADB -> MARIADB;
                    case H2 -> H2;
                };
        Map<String, TableSize> sizes = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sizes.put(rows.getString(1).toLowerCase(Locale.ROOT), new TableSize(rows.getLong(2), rows.getLong(3)));
            }
        }
        return sizes;
    }

    /** The size in words, such as {@code about 1,200 rows, 3 MB}. */
    String described() {
        String text = String.format(Locale.ROOT, "about %,d rows", rows);
        if (bytes <= 0) {
            return text;
        }
        long kilobytes = Math.max(1, bytes >> 10);
        return text
                + String.format(
                        Locale.ROOT,
                        kilobytes < 1_024 ? ", %,d kB" : ", %,d MB",
                        kilobytes < 1_024 ? kilobytes : kilobytes >> 10);
    }
}
