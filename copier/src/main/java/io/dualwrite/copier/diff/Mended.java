package io.dualwrite.copier.diff;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.RowKey;
import java.util.ArrayList;
import java.util.List;

/** What a mender did so far. Not thread-safe. */
public final class Mended {
    private static final int MOST_LEFT_OVER = 10_000;

    /** A row that could not be made to agree yet, and why. */
    public record LeftOver(TablePlan table, RowKey key, String reason) {}

    private final List<LeftOver> leftOvers = new ArrayList<>();
    private long upserted;
    private long deleted;
    private long lost;

    void upserted(int rows) {
        upserted += rows;
    }

    void deleted(int rows) {
        deleted += rows;
    }

    void leave(TablePlan table, RowKey key, String reason) {
        if (leftOvers.size() < MOST_LEFT_OVER) {
            leftOvers.add(new LeftOver(table, key, reason));
        } else {
            lost++;
        }
    }

    List<LeftOver> takeLeftOvers() {
        List<LeftOver> taken = List.copyOf(leftOvers);
        leftOvers.clear();
        return taken;
    }

    /** Rows inserted or updated on the target. */
    public long upserts() {
        return upserted;
    }

    /** Rows deleted on the target. */
    public long deletes() {
        return deleted;
    }

    /** Rows that do not agree, though it was tried. */
    public long failed() {
        return leftOvers.size() + lost;
    }

    /** Those rows, the first ten thousand. */
    public List<LeftOver> leftOvers() {
        return List.copyOf(leftOvers);
    }
}
