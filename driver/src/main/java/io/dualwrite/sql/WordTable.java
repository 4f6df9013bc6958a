package io.dualwrite.sql;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Words, looked up without regard to case and straight from a text, so that no string is made for a look-up. Immutable
 * and thread-safe. An open-addressing table at most a quarter full.
 */
final class WordTable<V> {
    private final @Nullable String[] words;
    private final @Nullable Object[] values;
    private final int mask;

    WordTable(Map<String, V> entries) {
        int capacity = Integer.highestOneBit(Math.max(4, entries.size() * 4 - 1)) * 2;
        mask = capacity - 1;
        words = new String[capacity];
        values = new Object[capacity];
        entries.forEach((word, value) -> put(word.toLowerCase(Locale.ROOT), value));
    }

    private void put(String word, V value) {
        int slot = slot(hash(word.toCharArray(), 0, word.length()), word.length());
        while (words[slot] != null) {
            slot = slot + 1 & mask;
        }
        words[slot] = word;
        values[slot] = value;
    }

    /** The value of the word that stands at {@code [start, end)} of the text, or null. */
    @Nullable
    V get(char[] text, int start, int end) {
        return get(text, start, end, hash(text, start, end));
    }

    /** The value of the word at {@code [start, end)} whose characters were put through {@link #hash(int, char)} one by one. */
    @SuppressWarnings("unchecked")
    @Nullable
    V get(char[] text, int start, int end, int hash) {
        int slot = slot(hash, end - start);
        for (String word = words[slot]; word != null; word = words[slot]) {
            if (word.length() == end - start && same(word, text, start)) {
                return (V) values[slot];
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    private static boolean same(String word, char[] text, int start) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != lower(text[start + i])) {
                return false;
            }
        }
        return true;
    }

    private int slot(int hash, int length) {
        int mixed = hash + length;
        return (mixed ^ mixed >>> 15) & mask;
    }

    /** The hash of a word that has this character next; 0 is that of none. */
    static int hash(int hash, char next) {
        return hash * 31 + lower(next);
    }

    private static int hash(char[] text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash(hash, text[i]);
        }
        return hash;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
