package io.dualwrite.jdbc;

import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a statement has given out last, in an object of their own. A statement that a pool keeps is old, and writing young rows
 * into an old object costs the collector's barrier, which with G1 is more than all else that a short query does here; so this
 * object is made anew before it grows old. Not thread-safe.
 */
final class GivenRows {
    /** Few enough that the object is made anew before it has outlived the young generation, at its usual size. */
    private static final int MOST = 4096;

    private @Nullable ResultSet rows;
    private int times;

    /** Keeps the rows, in the object that kept the former ones or in one that takes its place. */
    static GivenRows keep(ResultSet rows, @Nullable GivenRows former) {
        GivenRows keeping = former == null || former.times == MOST ? new GivenRows() : former;
        keeping.rows = rows;
        keeping.times++;
        return keeping;
    }

    @Nullable
    ResultSet rows() {
        return rows;
    }

    void forget() {
        rows = null;
    }
}
