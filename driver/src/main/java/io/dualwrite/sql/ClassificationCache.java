package io.dualwrite.sql;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers classifications by text, in bounded memory: at most so many texts of at most so many characters each. Thread-safe; a
 * look-up takes no lock and writes nothing but a bit that is not yet set.
 *
 * <p>A text can lie in one of the {@link #WAYS} places of its set only. To make room there, a clock's hand goes round the
 * set: what was used since the hand last passed gets a second chance, the first that was not used goes. Two threads that put
 * at the same time may overwrite each other's entry, which costs a second reading later and nothing else.
 *
 * <p>Where ten thousand texts come round and round, each look-up waits for the memory: so the hashes, places and bits of one set and
 * the classification itself are all that it reads, and of a text that leaves nothing not even that.
 */
final class ClassificationCache {
    private static final int WAYS = 8;

    private final int maxLength;
    /** The number of sets less one: all bits of a set's number. */
    private final int setBits;

    private final AtomicReferenceArray<@Nullable Classification> entries;
    /** The texts of those entries that leave nothing; a text stands here only if that holds for it, whatever stands beside it. */
    private final AtomicReferenceArray<@Nullable String> leavingNothing;

    private final byte[] hands;
    /** Which of a set's places were used since the hand last passed, a bit for each; one that gets lost costs a reading. */
    private final byte[] used;

    /** The texts' hashes, so that others need not be looked at; one that is seen too early or too late costs a reading. */
    private final int[] hashes;

    /**
     * A cache without entries.
     *
     * @param capacity how many texts are remembered at most, a power of two, 8 or more
     * @param maxLength how many characters a text may have
     */
    ClassificationCache(int capacity, int maxLength) {
        this.maxLength = maxLength;
        int sets = capacity / WAYS;
        setBits = sets - 1;
        entries = new AtomicReferenceArray<>(capacity);
        leavingNothing = new AtomicReferenceArray<>(capacity);
        hands = new byte[sets];
        used = new byte[sets];
        hashes = new int[capacity];
    }

    @Nullable
    Classification get(String text) {
        int hash = text.hashCode();
        int set = set(hash);
        int first = set * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            Classification entry = hashes[i] == hash ? entries.get(i) : null;
            if (entry != null && entry.text.equals(text)) {
                use(set, i - first);
                return entry;
            }
        }
        return null;
    }

    /** Whether the text is remembered as one that leaves nothing; false says nothing of it. */
    boolean knowsToLeaveNothing(String text) {
        int hash = text.hashCode();
        int set = set(hash);
        int first = set * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            if (hashes[i] == hash && text.equals(leavingNothing.get(i))) {
                use(set, i - first);
                return true;
            }
        }
        return false;
    }

    private void use(int set, int way) {
        int before = used[set];
        int after = before | 1 << way;
        if ((byte) after != before) {
            used[set] = (byte) after;
        }
    }

    void put(Classification classification) {
        String text = classification.text;
        if (text.length() <= maxLength) {
            int hash = text.hashCode();
            int set = set(hash);
            int place = set * WAYS + way(set);
            hashes[place] = hash;
            entries.set(place, classification);
            leavingNothing.set(place, classification.leavesNothing() ? text : null);
        }
    }

    private int way(int set) {
        for (int way = 0; way < WAYS; way++) {
            if (entries.get(set * WAYS + way) == null) {
                return way;
            }
        }
        int way = hands[set];
        for (int passed = 0; passed < WAYS && (used[set] & 1 << way) != 0; passed++) {
            used[set] &= (byte) ~(1 << way);
            way = (way + 1) % WAYS;
        }
        hands[set] = (byte) ((way + 1) % WAYS);
        return way;
    }

    private int set(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
        mixed = (mixed ^ mixed >>> 13) * 0xC2B2AE35;
        return (mixed ^ mixed >>> 16) & setBits;
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
