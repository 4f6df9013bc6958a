package io.dualwrite.ladder;

/** One of the two databases of a migration. */
public enum Side {
    /** The database that the service has run on for years. */
    OLD,
    /** The database that the service moves to. */
    NEW;

    /** The opposite side. */
    public Side other() {
        return this == OLD ? NEW : OLD;
    }

    /** The side as it is written in messages, logs and the properties file: {@code old} or {@code new}. */
    public String word() {
        return this == OLD ? "old" : "new";
    }
}
