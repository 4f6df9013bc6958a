package io.dualwrite.dialect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The primary key of one row: values of the key columns in key order, each of its {@link Kind}'s Java type. Its text form
 * stands in marks and reports and reads back to an equal key. Immutable by convention.
 */
public final class RowKey {
    public final Object[] values;

    public RowKey(Object[] values) {
        this.values = values;
    }

    /** The key's text: values joined by {@code |}; a backslash goes before {@code |} and backslash inside a value. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                text.append('|');
            }
            text.append(Values.text(values[i]).replace("\\", "\\\\").replace("|", "\\|"));
        }
        return text.toString();
    }

    /**
     * Reads a key back from its text.
     *
     * @throws IllegalArgumentException if the text does not hold a value per key column
     */
    public static RowKey parse(TableShape table, String text) {
        Object[] values = new Object[table.key.size()];
        StringBuilder part = new StringBuilder();
        int found = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '|') {
                if (found == values.length) {
                    throw new IllegalArgumentException(
                            "key " + text + " has more values than the key of " + table.name);
                }
                values[found] = Values.parse(table.key.get(found).kind, part.toString());
                found++;
                part.setLength(0);
            } else {
                if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                    i++;
                }
                part.append(text.charAt(i));
            }
        }
        if (found != values.length) {
            throw new IllegalArgumentException("key " + text + " has fewer values than the key of " + table.name);
        }
        return new RowKey(values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowKey && text().equals(((RowKey) other).text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text() + "" + (values.length == 0 ? Arrays.toString(values) : "");
    }
}
