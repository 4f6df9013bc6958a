package io.dualwrite.config;

import io.dualwrite.sql.TableName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table's name in the manifest: {@code NAME} or {@code SCHEMA.NAME}, where {@code *} stands for any characters. Case is
 * ignored. Immutable.
 */
final class TablePattern {
    private final @Nullable String schema;
    private final String table;

    private TablePattern(@Nullable String schema, String table) {
        this.schema = schema;
        this.table = table;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static TablePattern parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        boolean well = !lower.isEmpty()
                && lower.chars().noneMatch(character -> Character.isWhitespace(character) || character == '"')
                && dot != 0
                && dot != lower.length() - 1
                && lower.indexOf('.', dot + 1) < 0;
        if (!well) {
            throw new IllegalArgumentException(text);
        }
        return dot < 0
                ? new TablePattern(null, lower)
                : new TablePattern(lower.substring(0, dot), lower.substring(dot + 1));
    }

    /** Whether the pattern names the table; where one of the two has no schema, the table's own name decides. */
    boolean matches(TableName name) {
        return common(table, name.table().toLowerCase(Locale.ROOT)) && sameSchema(name.schema());
    }

    /** Whether some table could be named by both patterns. */
    boolean overlaps(TablePattern other) {
        return common(table, other.table) && (schema == null || other.schema == null || common(schema, other.schema));
    }

    private boolean sameSchema(@Nullable String given) {
        return schema == null || given == null || common(schema, given.toLowerCase(Locale.ROOT));
    }

    /** Whether some text fits both patterns; a text without {@code *} is a pattern that only itself fits. */
    private static boolean common(String one, String other) {
        boolean[] fits = new boolean[other.length() + 1];
        fits[other.length()] = true;
        for (int j = other.length() - 1; j >= 0 && other.charAt(j) == '*'; j--) {
            fits[j] = true;
        }
        for (int i = one.length() - 1; i >= 0; i--) {
            boolean[] next = fits;
            fits = new boolean[other.length() + 1];
            boolean star = one.charAt(i) == '*';
            fits[other.length()] = star && next[other.length()];
            for (int j = other.length() - 1; j >= 0; j--) {
                fits[j] = star || other.charAt(j) == '*'
                        ? next[j] || fits[j + 1]
                        : one.charAt(i) == other.charAt(j) && next[j + 1];
            }
        }
        return fits[0];
    }

    @Override
    public String toString() {
        return schema == null ? table : schema + '.' + table;
    }
}
