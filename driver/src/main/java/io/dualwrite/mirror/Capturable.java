package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the rows that a write touches can be told exactly (R25), and by which query. Stateless. */
final class Capturable {
    private static final String RETURNING = " RETURNING ";

    private Capturable() {}

    /** The one query by which the write runs and its rows are learnt, or null where that takes several. */
    static @Nullable String soleQuery(Leg leg, TableShape table, WriteRequest request) {
        return rekeys(request.classification, table) || mayLeaveOut(request.classification, table)
                ? null
                : query(leg, table, request);
    }

    /** Why the rows of this write cannot be told exactly, in words for an operator; null where they can. */
    static @Nullable String obstacle(Leg leg, TableShape table, WriteRequest request) {
        Verb verb = request.classification.verb();
        if (!table.transactional) {
            return withoutTransactions(table);
        }
        if (table.key.isEmpty()) {
            return "table " + table + " has no primary key, no unique key without NULL and no key." + table.name.table()
                    + " in the file";
        }
        TableShape.Trigger rule = table.rule();
        if (rule != null) {
            return "what a write of " + table + " comes to cannot be told, for the table has the rule " + rule;
        }
        if (table.hasHeirs && verb != Verb.INSERT && !writesOnly(request.classification)) {
            return "other tables inherit from " + table + ", and it cannot be told in which of them the rows are";
        }
        if (verb == Verb.MERGE && leg.dialect.vendor() == Vendor.MARIADB && table.changesMoreByDelete()) {
            return "REPLACE deletes the row of " + table
                    + " that is there, and the rows that foreign keys or triggers change then cannot be told";
        }
        if (request.classification.is(Trait.DELETES_MATCHED)) {
            return "the rows that this " + verb + " deletes from " + table + " cannot be told";
        }
        if (updatesUnseen(leg, request.classification)) {
            return "the row of " + table + " that this " + verb + " updates where it is there cannot be told on "
                    + leg.dialect.vendor();
        }
        if (mayRekey(request.classification, table)) {
            return "the " + verb + " may change key columns of a row of " + table + " that is there already";
        }
        if (renumbers(request.classification, table)) {
            return "each side gives the GENERATED ALWAYS column of " + table + " a value of its own";
        }
        if (query(leg, table, request) != null) {
            return null;
        }
        if (verb != Verb.UPDATE && verb != Verb.DELETE) {
            return "the rows that this " + verb + " writes to " + table + " cannot be told on " + leg.dialect.vendor();
        }
        if (request.classification.is(Trait.LIMITED)) {
            return "which rows an " + verb + " of " + table + " with LIMIT writes cannot be told on "
                    + leg.dialect.vendor();
        }
        if (request.classification.is(Trait.VARYING_ROWS)) {
            return "the WHERE of the " + verb + " of " + table
                    + " may find other rows each time it is read (RAND(), UUID(), a subquery with UNION, a function of the user's)";
        }
        return rekeys(request.classification, table) ? "the UPDATE changes key columns of " + table : null;
    }

    /** Whether the write is of its table's own rows, and of no heir's. */
    private static boolean writesOnly(Classification statement) {
        String target = statement.target();
        return target != null && target.regionMatches(true, 0, "ONLY ", 0, "ONLY ".length());
    }

    /** Why nothing of a table whose engine keeps what is rolled back can be in step. */
    static String withoutTransactions(TableShape table) {
        return "the engine of table " + table
                + " has no transactions, so that a rollback would not undo its rows (ALTER TABLE " + table.name.table()
                + " ENGINE=InnoDB)";
    }

    /** H2's FINAL TABLE gives back the rows of an {@code INSERT … ON DUPLICATE KEY UPDATE} that were inserted, not those updated. */
    private static boolean updatesUnseen(Leg leg, Classification statement) {
        return leg.dialect.vendor() == Vendor.H2
                && statement.verb() == Verb.INSERT
                && !(statement.upsertSets().isEmpty()
                        && statement.upsertCopies().isEmpty());
    }

    /** Whether it may give a row that is there another key. What was to be inserted has the same key where the row is found by that. */
    private static boolean mayRekey(Classification upsert, TableShape table) {
        if (holdsKey(upsert.upsertSets(), table)) {
            return true;
        }
        if (!holdsKey(upsert.upsertCopies(), table) && !upsert.upsertCopies().contains(Classification.ALL_COLUMNS)) {
            return false;
        }
        return upsert.upsertKey().isEmpty()
                ? !table.secondaryKeys.isEmpty()
                : !holdsAllOfKey(upsert.upsertKey(), table);
    }

    /** Whether it sets a GENERATED ALWAYS column of a row that is there, which takes no other value than the server's next. */
    private static boolean renumbers(Classification statement, TableShape table) {
        for (Column column : table.columns) {
            if (column.alwaysIdentity
                    && !table.isKey(column.name)
                    && (holds(statement.upsertSets(), column)
                            || statement.verb() == Verb.UPDATE && holds(statement.assigned(), column))) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(List<String> names, Column column) {
        for (String name : names) {
            if (name.equalsIgnoreCase(column.name)) {
                return true;
            }
        }
        return false;
    }

    /** The database may change such a key with any column. */
    private static boolean hasComputedKey(TableShape table) {
        for (Column column : table.key) {
            if (column.computed) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsKey(List<String> columns, TableShape table) {
        for (String column : columns) {
            if (table.isKey(column)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsAllOfKey(List<String> columns, TableShape table) {
        for (Column column : table.key) {
            if (!holds(columns, column)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is an UPDATE that changes, or may change, the keys of its rows. */
    static boolean rekeys(Classification statement, TableShape table) {
        return statement.verb() == Verb.UPDATE && (holdsKey(statement.assigned(), table) || hasComputedKey(table));
    }

    /** Whether a trigger may leave out rows of the write, an upsert's UPDATE among them. */
    static boolean mayLeaveOut(Classification statement, TableShape table) {
        return table.mayLeaveOut(statement.verb()) || statement.is(Trait.ON_CONFLICT) && table.mayLeaveOut(Verb.UPDATE);
    }

    /** The query by which the write runs and its rows are learnt, or null where the vendor has none. */
    static @Nullable String query(Leg leg, TableShape table, WriteRequest request) {
        return request.keys.wanted()
                ? newQuery(leg, table, request)
                : leg.captureTexts.of(request.sql, request.classification, table, () -> newQuery(leg, table, request));
    }

    private static @Nullable String newQuery(Leg leg, TableShape table, WriteRequest request) {
        Classification statement = request.classification;
        if (statement.deltaStart() >= 0) {
            return request.sql.substring(0, statement.deltaStart())
                    + ", " + leg.dialect.readings("", table.columns) + ' '
                    + request.sql.substring(statement.deltaStart(), statement.bodyEnd());
        }
        int returning = statement.returningStart();
        if (returning >= 0) {
            String body = request.sql.substring(0, statement.bodyEnd());
            String plain = body.substring(0, returning);
            String captured = leg.dialect.capturing(
                    plain, statement.verb(), table, statement.target(), Collections.<String>emptyList());
            return captured == null
                    ? null
                    : body + ", " + captured.substring(captured.lastIndexOf(RETURNING) + RETURNING.length());
        }
        return leg.dialect.capturing(
                request.sql.substring(0, statement.bodyEnd()),
                statement.verb(),
                table,
                statement.target(),
                request.keys.columns(table, statement.verb(), leg.dialect.vendor()));
    }
}
