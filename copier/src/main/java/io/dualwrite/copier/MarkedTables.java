package io.dualwrite.copier;

import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Mark;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which table of the migration a mark is about. One that names another schema than the home of the side on which it lies is about none
 * of them, though a table of the same name be among them. Not thread-safe.
 */
final class MarkedTables {
    private final CopyPlan plan;
    private final Direction direction;
    private final Ledger ledger;
    /** Whether a side has a table of the name by which the other side's home is called. */
    private final Map<String, Boolean> there = new HashMap<>();

    MarkedTables(Job job, Ledger ledger) {
        this.plan = job.plan();
        this.direction = job.direction();
        this.ledger = ledger;
    }

    /** The table of the migration, or null if the mark is about none. */
    @Nullable
    TablePlan find(Mark mark) throws SQLException {
        return find(mark.side(), mark.tableName());
    }

    /**
     * As {@link #find(Mark)}, of a name on a side. The other side's home means this one's where nothing here is called so: the driver
     * leaves it out then.
     */
    @Nullable
    TablePlan find(Side side, TableName name) throws SQLException {
        TablePlan table = plan.find(name.table());
        String schema = name.schema();
        if (table == null
                || schema == null
                || schema.equalsIgnoreCase(on(side, table).name.schema())) {
            return table;
        }
        boolean otherHome = schema.equalsIgnoreCase(on(side.other(), table).name.schema());
        return otherHome && !isThere(side, name) ? table : null;
    }

    private boolean isThere(Side side, TableName name) throws SQLException {
        String key = side.word() + ' ' + name;
        Boolean known = there.get(key);
        if (known == null) {
            known = ledger.hasTable(side, name);
            there.put(key, known);
        }
        return known;
    }

    private TableShape on(Side side, TablePlan table) {
        return side == direction.source() ? table.source() : table.target();
    }
}
