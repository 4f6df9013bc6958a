package io.dualwrite.demo.verdict;

/**
 * A row that is not as it must be.
 *
 * @param kind what is wrong with it
 * @param table its table
 * @param key its key's values, joined by commas
 * @param text what was expected where, and what is there
 */
public record Fault(Kind kind, String table, String key, String text) {

    /** The columns of the verdict. */
    public enum Kind {
        /** An acknowledged write is not in a database that counts. */
        MISSING,
        /** The databases hold different rows where both count. */
        DIFFERING,
        /** A row or a change that nobody was told of. */
        SURPLUS
    }

    @Override
    public String toString() {
        return table + " " + key + ": " + text;
    }
}
