package io.dualwrite.copier.diff;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.copier.rows.Scan;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads the source's rows as they are, and locks none. Public, for the scans are called from another package. */
public final class WithoutR18 {
    private WithoutR18() {}

    /** By their keys. */
    public static SortedMap<RowKey, RowImage> rows(
            Source source, TablePlan table, KeyOrder order, List<RowKey> keys, boolean lock) throws SQLException {
        return source.rows(table, order, keys, false);
    }

    /** In order, as the rule has nothing to say about. */
    public static RowStream rows(
            Source source, TablePlan table, KeyOrder order, boolean keysOnly, Chunk chunk, Scan.@Nullable Since since)
            throws SQLException {
        return source.rows(table, order, keysOnly, chunk, since);
    }
}
