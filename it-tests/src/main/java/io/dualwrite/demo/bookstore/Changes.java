package io.dualwrite.demo.bookstore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction changes, noted down while it runs and journaled once it was acknowledged. Confined to one worker.
 *
 * <p>Rows of one worker's customers are noted with their state, for nobody else writes them; rows that everybody writes
 * are noted with what was added to their columns.
 */
final class Changes {
    private final List<String> lines = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    /** The row has this state now: pairs of column and value. */
    void row(String table, Object key, @Nullable Object... columnsAndValues) throws SQLException {
        lines.add("=\t" + table + '\t' + key + pairs(columnsAndValues));
    }

    /** The row is gone. */
    void deleted(String table, Object key) {
        lines.add("-\t" + table + '\t' + key);
    }

    /** The row's columns were raised: pairs of column and how much. */
    void added(String table, Object key, @Nullable Object... columnsAndAmounts) throws SQLException {
        lines.add("+\t" + table + '\t' + key + pairs(columnsAndAmounts));
    }

    /** Runs if and only if the transaction is acknowledged: what the user's session remembers. */
    void then(Runnable remember) {
        afterwards.add(remember);
    }

    /** Forgets everything: the transaction was rolled back. */
    void clear() {
        lines.clear();
        afterwards.clear();
    }

    List<String> lines() {
        return lines;
    }

    void remember() {
        afterwards.forEach(Runnable::run);
    }

    private static String pairs(@Nullable Object... columnsAndValues) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            text.append('\t').append(columnsAndValues[i]).append('=').append(Canonical.text(columnsAndValues[i + 1]));
        }
        return text.toString();
    }
}
