package io.dualwrite.config;

import io.dualwrite.sql.TableName;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What tells rows apart in tables that well-known tools make without a primary key. They count where the columns are there. */
final class KnownKeys {
    private static final Map<String, List<String>> BY_TABLE;

    static {
        Map<String, List<String>> known = new HashMap<>();
        known.put("databasechangelog", Arrays.asList("id", "author", "filename"));
        known.put("batch_job_execution_params", Arrays.asList("job_execution_id", "parameter_name"));
        known.put("qrtz_blob_triggers", Arrays.asList("sched_name", "trigger_name", "trigger_group"));
        BY_TABLE = Collections.unmodifiableMap(known);
    }

    private KnownKeys() {}

    static List<String> of(TableName table) {
        return BY_TABLE.getOrDefault(table.table().toLowerCase(Locale.ROOT), Collections.emptyList());
    }
}
