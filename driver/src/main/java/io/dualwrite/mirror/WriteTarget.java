package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import org.jspecify.annotations.Nullable;

/** The table of a write as the leg that answers finds it. Immutable. */
final class WriteTarget {
    /** The leg that answers. */
    final Leg leg;

    final TableShape table;
    /** Where the leg's session looks for unqualified names, or null at home. */
    final @Nullable String abroad;
    /** The name by which marks call the table. */
    final TableName marked;

    WriteTarget(Leg leg, TableShape table, TableName named, @Nullable String abroad) {
        this.leg = leg;
        this.table = table;
        this.abroad = abroad;
        this.marked = abroad == null ? named : table.name;
    }
}
