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
import org.jspecify.annotations.Nullable;

/**
 * Finds the tables whose rows change with another's, by foreign keys that cascade, set NULL or a default (R30). What is reached by way
 * of others is taken to change whenever the first of them does. Used once, by one thread.
 */
final class Dependants {
    private final DatabaseMetaData metaData;

    Dependants(DatabaseMetaData metaData) {
        this.metaData = metaData;
    }

    /** A foreign key that changes rows of the table that has it. */
    private static final class Link {
        final @Nullable String catalog;
        final @Nullable String schema;
        final TableName child;
        final String column;
        final boolean onDelete;
        final boolean onUpdate;

        Link(ResultSet row) throws SQLException {
            catalog = row.getString("FKTABLE_CAT");
            schema = row.getString("FKTABLE_SCHEM");
            child = TableName.of(schema == null ? catalog : schema, row.getString("FKTABLE_NAME"));
            column = row.getString("PKCOLUMN_NAME");
            onDelete = Catalogue.changesRows(row.getInt("DELETE_RULE"));
            onUpdate = Catalogue.changesRows(row.getInt("UPDATE_RULE"));
        }
    }

    List<TableShape.Dependant> of(@Nullable String catalog, @Nullable String schema, TableName table)
            throws SQLException {
        Set<TableName> byDelete = new LinkedHashSet<>();
        Map<TableName, List<String>> byColumns = new LinkedHashMap<>();
        for (Link link : links(catalog, schema, table.table())) {
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
                open.addAll(links(link.catalog, link.schema, link.child.table()));
            }
        }
        return reached;
    }

    private List<Link> links(@Nullable String catalog, @Nullable String schema, String table) throws SQLException {
        List<Link> links = new ArrayList<>();
        try (ResultSet rows = metaData.getExportedKeys(catalog, schema, table)) {
            while (rows.next()) {
                Link link = new Link(rows);
                if (link.onDelete || link.onUpdate) {
                    links.add(link);
                }
            }
        }
        return links;
    }
}
