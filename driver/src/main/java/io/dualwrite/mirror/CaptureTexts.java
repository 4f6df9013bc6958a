package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.Classification;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statements that capture what a write of the application's does, by its text, for one leg: putting one together costs more than all
 * else that a short write does here. At most {@value #MOST} of them; the one used longest ago goes first. Not thread-safe; used by
 * whoever uses the leg.
 */
final class CaptureTexts {
    private static final int MOST = 64;
    private static final int LONGEST = 4_096;

    /** What was found for a text of the application's, as long as it is read as it was and its table looks as it did. */
    private static final class Known {
        final Classification statement;
        final TableShape table;
        final @Nullable String query;

        Known(Classification statement, TableShape table, @Nullable String query) {
            this.statement = statement;
            this.table = table;
            this.query = query;
        }
    }

    /** The texts of one leg, the one used longest ago first. */
    private static final class Texts extends LinkedHashMap<String, Known> {
        private static final long serialVersionUID = 1L;

        Texts() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    }

    /** Null until the first write. */
    private @Nullable Map<String, Known> texts;

    /** Makes the text that was not known. */
    interface Maker {
        @Nullable
        String make();
    }

    /** The text for the application's, or null where the vendor has none. */
    @Nullable
    String of(String sql, Classification statement, TableShape table, Maker maker) {
        if (sql.length() > LONGEST) {
            return maker.make();
        }
        Map<String, Known> known = texts;
        if (known == null) {
            known = new Texts();
            texts = known;
        }
        Known found = known.get(sql);
        if (found == null || found.statement != statement || found.table != table) {
            found = new Known(statement, table, maker.make());
            known.put(sql, found);
        }
        return found.query;
    }
}
