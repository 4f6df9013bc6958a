package io.dualwrite.mirror;

import io.dualwrite.dialect.MarkedKeys;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.sql.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one transaction touched, and why, for its mark (R12, R13): bounded, since a table with very many is marked whole.
 * Not thread-safe.
 */
final class Touched {
    /** A mark's row: a table and keys of rows, or null for the whole table. */
    static final class Entry {
        final String table;
        final @Nullable MarkedKeys keys;

        Entry(String table, @Nullable MarkedKeys keys) {
            this.table = table;
            this.keys = keys;
        }
    }

    private static final int MOST_KEYS = 500;
    private final Map<String, @Nullable Set<String>> keys = new LinkedHashMap<>();
    /** Tables whose rows a rollback does not undo. */
    private List<TableName> kept = Collections.emptyList();

    private @Nullable String reason;

    void rows(TableName table, Iterable<RowKey> touched) {
        String name = table.toString();
        if (keys.containsKey(name) && keys.get(name) == null) {
            return;
        }
        Set<String> known = keys.get(name);
        if (known == null) {
            known = new LinkedHashSet<>();
        }
        for (RowKey key : touched) {
            known.add(key.text());
            if (known.size() > MOST_KEYS || !MarkedKeys.fits(key)) {
                keys.put(name, null);
                return;
            }
        }
        if (!known.isEmpty()) {
            keys.put(name, known);
        }
    }

    void tables(List<TableName> tables) {
        if (tables.isEmpty()) {
            keys.put(OwnTables.ANY_TABLE, null);
        }
        for (TableName table : tables) {
            keys.put(table.toString(), null);
        }
    }

    /** The same, and these tables whole. */
    Touched with(List<TableName> tables) {
        Touched all = new Touched();
        all.keys.putAll(keys);
        all.tables(tables);
        return all;
    }

    /** Marks the tables whole, for this reason, and until somebody has compared them. */
    void tables(List<TableName> tables, String because) {
        tables(tables);
        reason = because;
    }

    /** As {@link #tables(List, String)}, of tables whose rows a rollback does not undo. */
    void keptTables(List<TableName> tables, String because) {
        List<TableName> all = new ArrayList<>(kept);
        all.addAll(tables);
        kept = all;
        tables(tables, because);
    }

    boolean hasKept() {
        return !kept.isEmpty();
    }

    /** What stays to be marked though the transaction was rolled back. */
    Touched kept() {
        Touched stays = new Touched();
        stays.tables(kept, reason());
        return stays;
    }

    /** What the mark says. */
    String reason() {
        String said = reason;
        return said == null ? OwnTables.IN_FLIGHT : said;
    }

    /** Whether the mark stays when both sides have committed. */
    boolean keepsMark() {
        return reason != null;
    }

    /** The number of rows and whole tables. */
    int size() {
        int size = 0;
        for (Set<String> known : keys.values()) {
            size += known == null ? 1 : known.size();
        }
        return size;
    }

    /** Marks the tables in place of their rows. */
    void fold() {
        keys.replaceAll((table, known) -> null);
    }

    /** The names of the tables. */
    Set<String> tables() {
        return keys.keySet();
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The rows are no longer touched, for they were rolled back. */
    void clear() {
        keys.clear();
        if (kept.isEmpty()) {
            reason = null;
        }
        kept.forEach(table -> keys.put(table.toString(), null));
    }

    /** The transaction has ended. */
    void ended() {
        keys.clear();
        kept = Collections.emptyList();
        reason = null;
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, @Nullable Set<String>> table : keys.entrySet()) {
            Set<String> known = table.getValue();
            if (known == null) {
                entries.add(new Entry(table.getKey(), null));
            } else {
                for (MarkedKeys some : MarkedKeys.of(known)) {
                    entries.add(new Entry(table.getKey(), some));
                }
            }
        }
        return entries;
    }

    @Override
    public String toString() {
        return keys.keySet().toString();
    }
}
