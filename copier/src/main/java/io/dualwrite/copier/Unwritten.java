package io.dualwrite.copier;

import io.dualwrite.copier.diff.Mended;
import io.dualwrite.copier.ledger.UnwrittenRows;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows that a copy could not write. Their keys are recorded before a checkpoint or a watermark passes them, so that the
 * next run tries them again, however long ago they were changed. Not thread-safe.
 */
final class Unwritten {
    private final Job job;
    private final UnwrittenRows rows;
    private final Map<String, Set<String>> recorded = new HashMap<>();

    Unwritten(Job job, UnwrittenRows rows) {
        this.job = job;
        this.rows = rows;
    }

    /** Tries again what earlier runs could not write of the table and this one has not tried yet. */
    void retry(TablePlan table) throws SQLException, InterruptedException {
        Set<String> texts = rows.read(table.name());
        recorded(table.name()).addAll(texts);
        for (Mended.LeftOver leftOver : job.mender().mended().leftOvers()) {
            if (leftOver.table().equals(table)) {
                texts.remove(leftOver.key().text());
            }
        }
        List<RowKey> keys = new ArrayList<>();
        for (String text : texts) {
            try {
                keys.add(RowKey.parse(table.source(), text));
            } catch (IllegalArgumentException ofAnotherKey) {
                job.progress()
                        .note("A row of table " + table + " that was left over had a key of another form: it is"
                                + " forgotten. Run dualwrite verify to see whether it is there.");
            }
        }
        job.mender().mend(table, keys, job.run().locked());
    }

    /**
     * Records what is left over by now.
     *
     * @return whether all of it is; if not, nothing may pass it by
     */
    boolean record() throws SQLException {
        Mended mended = job.mender().mended();
        List<Mended.LeftOver> leftOvers = mended.leftOvers();
        boolean all = mended.failed() == leftOvers.size();
        Map<String, List<String>> fresh = new LinkedHashMap<>();
        for (Mended.LeftOver leftOver : leftOvers) {
            String table = leftOver.table().name();
            String key = leftOver.key().text();
            if (!UnwrittenRows.takes(key)) {
                all = false;
            } else if (recorded(table).add(key)) {
                fresh.computeIfAbsent(table, name -> new ArrayList<>()).add(key);
            }
        }
        for (Map.Entry<String, List<String>> table : fresh.entrySet()) {
            rows.record(table.getKey(), table.getValue());
        }
        return all;
    }

    /** Forgets what was recorded and is left over no more. */
    void settle() throws SQLException {
        if (!record()) {
            return;
        }
        Map<String, Set<String>> written = new LinkedHashMap<>();
        recorded.forEach((table, keys) -> written.put(table, new LinkedHashSet<>(keys)));
        for (Mended.LeftOver leftOver : job.mender().mended().leftOvers()) {
            Set<String> keys = written.get(leftOver.table().name());
            if (keys != null) {
                keys.remove(leftOver.key().text());
            }
        }
        for (Map.Entry<String, Set<String>> table : written.entrySet()) {
            if (!table.getValue().isEmpty()) {
                rows.forget(table.getKey(), table.getValue());
            }
        }
    }

    private Set<String> recorded(String table) {
        return recorded.computeIfAbsent(table, name -> new LinkedHashSet<>());
    }
}
