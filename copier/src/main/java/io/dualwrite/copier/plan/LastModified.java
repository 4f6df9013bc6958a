package io.dualwrite.copier.plan;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import io.dualwrite.dialect.TableShape;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the column that every write to a row moves forward. */
public final class LastModified {
    private static final List<String> NAMES = List.of(
            "last_modified",
            "lastmodified",
            "last_modified_at",
            "modified_at",
            "modifiedat",
            "modified",
            "modified_on",
            "updated_at",
            "updatedat",
            "updated",
            "updated_on",
            "last_updated",
            "last_update",
            "last_change",
            "last_changed",
            "changed_at",
            "changed_on",
            "update_time",
            "mtime");

    private LastModified() {}

    /** The column by name and type, or null where the table has none. */
    public static @Nullable Column find(TableShape table) {
        for (String name : NAMES) {
            Column column = table.column(name);
            if (column != null && isTime(column)) {
                return column;
            }
        }
        return null;
    }

    /**
     * The column that the setting {@code lastModified.TABLE} names; {@code none} says that there is none.
     *
     * @throws WrongInput if the table has no such column or it holds no time
     */
    public static @Nullable Column named(TableShape table, String columnName) {
        String name = table.name.table().toLowerCase(Locale.ROOT);
        if (columnName.equalsIgnoreCase("none")) {
            return null;
        }
        Column column = table.column(columnName);
        if (column == null) {
            throw new WrongInput("lastModified." + name + " names the column " + columnName
                    + ", which the table does not have: name a column of it, or none.");
        }
        if (!isTime(column)) {
            throw new WrongInput("lastModified." + name + " names the column " + columnName + " of type "
                    + column.typeName + ": it must be a timestamp, or none.");
        }
        return column;
    }

    private static boolean isTime(Column column) {
        return column.kind == Kind.TIMESTAMP || column.kind == Kind.TIMESTAMP_TZ;
    }
}
