package io.dualwrite.sql;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers classifications by text, in bounded memory: at most so many texts of at most so many characters each. Thread-safe; a look-up takes no lock and writes nothing but a flag that is not yet set.
 *
 * <p>A text can lie in one of the {@link #WAYS} places of its set only. To make room there, a clock's hand goes round the
 * set: what was used since the hand last passed gets a second chance, the first that was not used goes. Two threads that put
 * at the same time may overwrite each other's entry, which costs a second reading later and nothing else.
 */
final class ClassificationCache {
    private static final int WAYS = 8;

    private static final class Entry {
        final String text;
        final Classification classification;
        boolean used;

        Entry(String text, Classification classification) {
            this.text = text;
            this.classification = classification;
        }
    }

    private final int maxLength;
    private final int sets;
    private final AtomicReferenceArray<@Nullable Entry> entries;
    private final byte[] hands;

    /** The texts' hashes, so that others need not be looked at; one that is seen too early or too late costs a reading. */
    private final int[] hashes;

    /**
     * A cache without entries.
     *
     * @param capacity how many texts are remembered at most, a multiple of 8, up to 524,288
     * @param maxLength how many characters a text may have
     */
    ClassificationCache(int capacity, int maxLength) {
        this.maxLength = maxLength;
        sets = capacity / WAYS;
        entries = new AtomicReferenceArray<>(capacity);
        hands = new byte[sets];
        hashes = new int[capacity];
    }

    @Nullable
    Classification get(String text) {
        int hash = text.hashCode();
        int first = set(hash) * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            Entry entry = hashes[i] == hash ? entries.get(i) : null;
            if (entry != null && entry.text.equals(text)) {
                if (!entry.used) {
                    entry.used = true;
                }
                return entry.classification;
            }
        }
        return null;
    }

    void put(String text, Classification classification) {
        if (text.length() <= maxLength) {
            int hash = text.hashCode();
            int set = set(hash);
            int place = set * WAYS + place(set);
            hashes[place] = hash;
            entries.set(place, new Entry(text, classification));
        }
    }

    private int place(int set) {
        for (int way = 0; way < WAYS; way++) {
            if (entries.get(set * WAYS + way) == null) {
                return way;
            }
        }
        int hand = hands[set];
        for (int passed = 0; passed < WAYS; passed++) {
            Entry entry = entries.get(set * WAYS + hand);
            hand = (hand + 1) % WAYS;
            hands[set] = (byte) hand;
            if (entry == null || !entry.used) {
                return (hand + WAYS - 1) % WAYS;
            }
            entry.used = false;
        }
        return hand;
    }

    private int set(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
        mixed = (mixed ^ mixed >>> 13) * 0xC2B2AE35;
        return ((mixed ^ mixed >>> 16) & Integer.MAX_VALUE) % sets;
    }

    /** The number of texts that are remembered now. */
    int size() {
        int size = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (entries.get(i) != null) {
                size++;
            }
        }
        return size;
    }
}
