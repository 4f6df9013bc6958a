package io.dualwrite.copier.diff;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.RowKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a mender did so far. Not thread-safe. */
public final class Mended {
    private static final int MOST_LEFT_OVER = 10_000;

    /** A row that could not be made to agree yet, and why. */
    public record LeftOver(TablePlan table, RowKey key, String reason) {}

    private record Row(String table, RowKey key) {}

    private final Map<Row, LeftOver> leftOvers = new LinkedHashMap<>();
    private long upserted;
    private long deleted;
    private long unnamed;

    void upserted(int rows) {
        upserted += rows;
    }

    void deleted(int rows) {
        deleted += rows;
    }

    void leave(TablePlan table, RowKey key, String reason) {
        Row row = new Row(table.name(), key);
        if (leftOvers.size() < MOST_LEFT_OVER || leftOvers.containsKey(row)) {
            leftOvers.put(row, new LeftOver(table, key, reason));
        } else {
            unnamed++;
        }
    }

    /** Whether the row could not be made to agree, as one is that the target refuses. */
    boolean isLeft(TablePlan table, RowKey key) {
        return leftOvers.containsKey(new Row(table.name(), key));
    }

    List<LeftOver> takeLeftOvers() {
        List<LeftOver> taken = List.copyOf(leftOvers.values());
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
        return leftOvers.size() + unnamed;
    }

    /** How often such a row was not kept in mind, for there were too many of them. */
    public long unnamed() {
        return unnamed;
    }

    /** Those rows, the first ten thousand. */
    public List<LeftOver> leftOvers() {
        return List.copyOf(leftOvers.values());
    }
}
