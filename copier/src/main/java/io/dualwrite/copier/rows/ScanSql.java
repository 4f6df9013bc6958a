package io.dualwrite.copier.rows;

import io.dualwrite.copier.convert.KeyOrder.Rule;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.Values;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The SELECT of a scan for one vendor, and its parameters. A range over several key columns is written out as
 * {@code k1 >= ? AND (k1 > ? OR k1 = ? AND …)}, for not every vendor uses an index for a comparison of rows.
 */
final class ScanSql {
    private record Parameter(Object value, Column column, Rule rule) {}

    private final Dialect dialect;
    private final Scan scan;
    private final StringBuilder where = new StringBuilder();
    private final List<Parameter> parameters = new ArrayList<>();
    private final String sorted;

    private ScanSql(Dialect dialect, Scan scan, String sorted) {
        this.dialect = dialect;
        this.scan = scan;
        this.sorted = sorted;
    }

    /** A whole table, the last row first. */
    static ScanSql lastFirst(Dialect dialect, Scan whole) {
        return new ScanSql(dialect, whole, " DESC");
    }

    /**
     * The scan's rows from the chunk's lower end, or those behind a key.
     *
     * @param after the last key that was read, or null
     * @param end the last key to read, or null
     */
    static ScanSql of(Dialect dialect, Scan scan, @Nullable RowKey after, @Nullable RowKey end) {
        ScanSql sql = new ScanSql(dialect, scan, "");
        RowKey min = scan.chunk().min();
        if (after != null) {
            sql.beyond(after, ">", false);
        } else if (min != null) {
            sql.beyond(min, ">", true);
        }
        if (end != null) {
            sql.beyond(end, "<", true);
        }
        Scan.Since since = scan.since();
        if (since != null) {
            sql.and();
            String column = dialect.quote(since.column().name);
            sql.where.append('(').append(column).append(" >= ").append(dialect.placeholder(since.column()));
            sql.where.append(since.column().nullable ? " OR " + column + " IS NULL)" : ")");
            sql.parameters.add(new Parameter(since.value(), since.column(), Rule.NATIVE));
        }
        return sql;
    }

    /** The statement's text. */
    String text() {
        StringBuilder text = new StringBuilder("SELECT ")
                .append(dialect.readings("", scan.columns()))
                .append(" FROM ")
                .append(dialect.rowsOf(scan.table()))
                .append(where)
                .append(" ORDER BY ");
        for (int i = 0; i < scan.key().size(); i++) {
            text.append(i == 0 ? "" : ", ").append(key(i)).append(sorted);
        }
        return text.toString();
    }

    /** Binds the statement's parameters and gives back the number of the next one. */
    int bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Parameter parameter : parameters) {
            if (parameter.rule == Rule.NATIVE) {
                Values.bind(statement, index, parameter.value, parameter.column, dialect);
            } else {
                String text = parameter.value.toString();
                statement.setString(index, parameter.rule == Rule.TEXT ? text : text.toLowerCase(Locale.ROOT));
            }
            index++;
        }
        return index;
    }

    private void and() {
        where.append(where.length() == 0 ? " WHERE " : " AND ");
    }

    private void beyond(RowKey bound, String sign, boolean inclusive) {
        and();
        int last = scan.key().size() - 1;
        if (last > 0) {
            compare(0, sign + "=", bound);
            where.append(" AND ");
        }
        for (int i = 0; i < last; i++) {
            where.append('(');
            compare(i, sign, bound);
            where.append(" OR ");
            compare(i, "=", bound);
            where.append(" AND ");
        }
        compare(last, inclusive ? sign + "=" : sign, bound);
        where.append(")".repeat(last));
    }

    private void compare(int index, String sign, RowKey bound) {
        Column column = scan.key().get(index);
        Rule rule = scan.order().rules().get(index);
        where.append(key(index)).append(' ').append(sign).append(' ');
        where.append(rule == Rule.NATIVE ? dialect.placeholder(column) : binary("?", Rule.TEXT));
        parameters.add(new Parameter(bound.values[index], column, rule));
    }

    private String key(int index) {
        return binary(
                dialect.quote(scan.key().get(index).name), scan.order().rules().get(index));
    }

    /** The expression that a vendor orders by the bytes of its UTF-8 form. */
    private String binary(String expression, Rule rule) {
        if (rule == Rule.NATIVE) {
            return expression;
        }
        boolean lower = rule == Rule.LOWER_TEXT;
        return switch (dialect.vendor()) {
            case POSTGRESQL -> (lower ? "lower(" + expression + "::text)" : expression + "::text") + " COLLATE \"C\"";
            case MARIADB ->
                "CAST(" + (lower ? "LOWER(" : "(") + "CONVERT(" + expression + " USING utf8mb4)) AS BINARY)";
            case H2 -> "STRINGTOUTF8(" + (lower ? "LOWER(" : "(") + "CAST(" + expression + " AS VARCHAR)))";
        };
    }
}
