package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tables whose rows change with another's, by foreign keys that cascade, set NULL or a default (R30). What is reached by way
 * of others is taken to change whenever the first of them does. Used once, by one thread.
 */
final class Dependants {
    private final Links links;

    Dependants(Links links) {
        this.links = links;
    }

    /** Asks a database which foreign keys refer to a table. */
    interface Links {
        List<Link> to(TableName table) throws SQLException;
    }

    /** A foreign key of the child's, at one of the parent's columns. */
    static final class Link {
        final TableName child;
        final String column;
        final boolean onDelete;
        final boolean onUpdate;

        /** @param onDelete whether a DELETE of the parent's row changes rows of the child, and so on */
        Link(TableName child, String column, boolean onDelete, boolean onUpdate) {
            this.child = child;
            this.column = column;
            this.onDelete = onDelete;
            this.onUpdate = onUpdate;
        }
    }

    /** By JDBC's metadata, for drivers that ask the server once. */
    static Links of(DatabaseMetaData metaData) {
        return table -> {
            List<Link> links = new ArrayList<>();
            try (ResultSet rows = metaData.getExportedKeys(null, table.schema(), table.table())) {
                while (rows.next()) {
                    links.add(new Link(
                            TableName.of(rows.getString("FKTABLE_SCHEM"), rows.getString("FKTABLE_NAME")),
                            rows.getString("PKCOLUMN_NAME"),
                            Catalogue.changesRows(rows.getInt("DELETE_RULE")),
                            Catalogue.changesRows(rows.getInt("UPDATE_RULE"))));
                }
            }
            return links;
        };
    }

    List<TableShape.Dependant> of(TableName table) throws SQLException {
        Set<TableName> byDelete = new LinkedHashSet<>();
        Map<TableName, List<String>> byColumns = new LinkedHashMap<>();
        for (Link link : changing(table)) {
            for (TableName reached : reachedFrom(link)) {
                List<String> columns = byColumns.computeIfAbsent(reached, name -> new ArrayList<>());
                if (link.onDelete) {
                    byDelete.add(reached);
                }
                if (link.onUpdate) {
                    columns.add(link.column);
                }
            }
        }
        List<TableShape.Dependant> dependants = new ArrayList<>();
        byColumns.forEach(
                (name, columns) -> dependants.add(new TableShape.Dependant(name, byDelete.contains(name), columns)));
        return dependants;
    }

    private Set<TableName> reachedFrom(Link first) throws SQLException {
        Set<TableName> reached = new LinkedHashSet<>();
        ArrayDeque<Link> open = new ArrayDeque<>();
        open.add(first);
        while (!open.isEmpty()) {
            Link link = open.remove();
            if (reached.add(link.child)) {
                open.addAll(changing(link.child));
            }
        }
        return reached;
    }

    private List<Link> changing(TableName table) throws SQLException {
        List<Link> changing = new ArrayList<>(links.to(table));
        changing.removeIf(link -> !link.onDelete && !link.onUpdate);
        return changing;
    }
}
