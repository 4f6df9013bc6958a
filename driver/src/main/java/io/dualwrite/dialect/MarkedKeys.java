package io.dualwrite.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys of rows of one table as one row of {@code dualwrite_mark} names them: their texts joined by commas, a backslash before a
 * comma inside a key, so that a transaction costs a row for each table rather than for each row that it touched. Immutable.
 */
public final class MarkedKeys {
    private static final int LONGEST = 600;

    /** What {@code row_key} says; at most 600 characters. */
    public final String text;
    /** The number of keys. */
    public final int count;

    private MarkedKeys(String text, int count) {
        this.text = text;
        this.count = count;
    }

    /** Whether a key is short enough to be named. */
    public static boolean fits(RowKey key) {
        return escaped(key.text()).length() <= LONGEST;
    }

    /**
     * As few as may be that name these keys, in their order.
     *
     * @param keys the {@linkplain RowKey#text() texts} of keys that {@linkplain #fits fit}; in them a backslash stands only before a
     *     bar or another one, so that one before a comma can be told
     */
    public static List<MarkedKeys> of(Iterable<String> keys) {
        List<MarkedKeys> all = new ArrayList<>(1);
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (String key : keys) {
            String escaped = escaped(key);
            if (count > 0 && text.length() + 1 + escaped.length() > LONGEST) {
                all.add(new MarkedKeys(text.toString(), count));
                text.setLength(0);
                count = 0;
            }
            text.append(count == 0 ? "" : ",").append(escaped);
            count++;
        }
        if (count > 0) {
            all.add(new MarkedKeys(text.toString(), count));
        }
        return all;
    }

    /** The texts of the keys that {@code row_key} names. */
    public static List<String> split(String rowKey) {
        List<String> keys = new ArrayList<>(1);
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < rowKey.length(); i++) {
            char c = rowKey.charAt(i);
            if (c == ',') {
                keys.add(key.toString());
                key.setLength(0);
            } else if (c == '\\' && i + 1 < rowKey.length()) {
                i++;
                if (rowKey.charAt(i) != ',') {
                    key.append(c);
                }
                key.append(rowKey.charAt(i));
            } else {
                key.append(c);
            }
        }
        keys.add(key.toString());
        return keys;
    }

    private static String escaped(String key) {
        return key.indexOf(',') < 0 ? key : key.replace(",", "\\,");
    }
}
