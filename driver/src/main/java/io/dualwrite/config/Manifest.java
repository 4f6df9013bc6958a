package io.dualwrite.config;

import io.dualwrite.sql.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which tables are Data A and which are Data B. Immutable and thread-safe. */
public final class Manifest {
    /** Names come out of SQL texts, some of which are made up at run time: the cache must not grow with them. */
    private static final int CACHED = 10_000;

    /** The class of a table. */
    public enum DataClass {
        /** What end users read: written to both databases in real time. */
        A,
        /** What batches derive: copied again, never mirrored. */
        B,
        /** On no list, and {@code unlisted = refuse}: writes are refused on dual rungs. */
        REFUSED
    }

    private final List<TablePattern> dataA;
    private final List<TablePattern> dataB;
    private final DataClass unlisted;
    private final Map<TableName, DataClass> cache = new ConcurrentHashMap<>();

    Manifest(List<TablePattern> dataA, List<TablePattern> dataB, Setting.Unlisted unlisted) {
        this.dataA = Collections.unmodifiableList(new ArrayList<>(dataA));
        this.dataB = Collections.unmodifiableList(new ArrayList<>(dataB));
        this.unlisted = unlisted == Setting.Unlisted.A
                ? DataClass.A
                : unlisted == Setting.Unlisted.B ? DataClass.B : DataClass.REFUSED;
    }

    /**
     * The class of a table; on no list it is what {@code unlisted} says, A by default. Where a name without schema fits
     * tables of both classes in different schemas, it counts as A, which is mirrored. Cheap: answers are cached.
     */
    public DataClass classOf(TableName table) {
        DataClass known = cache.get(table);
        if (known != null) {
            return known;
        }
        DataClass listed = listed(table);
        DataClass found = listed == null ? unlisted : listed;
        if (cache.size() >= CACHED) {
            cache.clear();
        }
        cache.put(table, found);
        return found;
    }

    /** Whether any table can be Data B. */
    public boolean hasDataB() {
        return !dataB.isEmpty() || unlisted == DataClass.B;
    }

    /** Whether the table stands on one of the two lists, by name or pattern. */
    public boolean lists(TableName table) {
        return listed(table) != null;
    }

    private @Nullable DataClass listed(TableName table) {
        if (anyMatches(dataA, table)) {
            return DataClass.A;
        }
        return anyMatches(dataB, table) ? DataClass.B : null;
    }

    private static boolean anyMatches(List<TablePattern> patterns, TableName table) {
        for (TablePattern pattern : patterns) {
            if (pattern.matches(table)) {
                return true;
            }
        }
        return false;
    }

    /** The lists as they count for the fingerprint (R28): order and case make no difference. */
    String canonical() {
        return sorted(dataA) + "/" + sorted(dataB);
    }

    /** The patterns of both lists, for people. */
    @Override
    public String toString() {
        return "dataA = " + String.join(", ", sorted(dataA)) + "; dataB = " + String.join(", ", sorted(dataB));
    }

    private static List<String> sorted(List<TablePattern> patterns) {
        List<String> texts = new ArrayList<>();
        for (TablePattern pattern : patterns) {
            texts.add(pattern.toString());
        }
        Collections.sort(texts);
        return texts;
    }
}
