package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table as one database describes it: columns, key, unique keys, references. Immutable. */
public final class TableShape {

    /** A foreign key: these columns point to those of that table. */
    public static final class Reference {
        public final String name;
        public final TableName parent;
        public final List<String> columns;
        /** The columns there, in the order of {@link #columns}. */
        public final List<String> parentColumns;

        public final boolean cascades;

        public Reference(
                String name, TableName parent, List<String> columns, List<String> parentColumns, boolean cascades) {
            this.name = name;
            this.parent = parent;
            this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
            this.parentColumns = Collections.unmodifiableList(new ArrayList<>(parentColumns));
            this.cascades = cascades;
        }
    }

    /** A trigger, or a rule of PostgreSQL's: what it does beside its row is not known here. */
    public static final class Trigger {
        private static final Set<Verb> NONE = Collections.emptySet();

        public final String name;
        /** The function that it runs, or its own name where it has none. */
        public final String routine;
        /** Whether it is a rule, by which the server may run something else in a statement's place. */
        final boolean rule;
        /** The writes that it is for; empty where that is not known. */
        final Set<Verb> events;
        /** Those of them before each of whose rows it runs. */
        final Set<Verb> before;
        /** The writes whose rows it may leave out: a trigger of PostgreSQL's BEFORE each row which may give none back. */
        final Set<Verb> leavesOut;
        /** Whether it runs once for all rows of a statement, or is told of them all: row by row it comes to something else. */
        public final boolean ofStatement;

        /** A trigger of which no more is known. */
        public Trigger(String name, String routine) {
            this(name, routine, false, NONE, NONE, NONE, false);
        }

        private Trigger(
                String name,
                String routine,
                boolean rule,
                Set<Verb> events,
                Set<Verb> before,
                Set<Verb> leavesOut,
                boolean ofStatement) {
            this.name = name;
            this.routine = routine;
            this.rule = rule;
            this.events = events;
            this.before = before;
            this.leavesOut = leavesOut;
            this.ofStatement = ofStatement;
        }

        static Trigger ofRule(String name) {
            return new Trigger(name, name, true, NONE, NONE, NONE, false);
        }

        /** The same trigger, which runs behind each row of these writes, or, where that makes no difference, once for all. */
        Trigger after(Set<Verb> writes) {
            return new Trigger(name, routine, rule, writes, NONE, NONE, false);
        }

        /** The same trigger, which runs once for all rows of one of these writes, or is told of them all. */
        Trigger ofStatement(Set<Verb> writes) {
            return new Trigger(name, routine, rule, writes, NONE, NONE, true);
        }

        /** The same trigger, which runs before each row of these writes, and may leave out those of some of them. */
        Trigger before(Set<Verb> writes, Set<Verb> mayLeaveOut) {
            return new Trigger(name, routine, rule, writes, writes, mayLeaveOut, false);
        }

        /**
         * Whether it runs another number of times where the rows that a statement has written are written one by one: each is updated or
         * inserted, by what may be both to the server, or deleted, before which a row that is missing is inserted.
         *
         * @param rekeys whether the statement may give rows other keys, so that they are deleted under their former ones
         */
        public boolean countsRows(Verb write, boolean rekeys) {
            boolean byUpserts = events.contains(Verb.INSERT) || events.contains(Verb.UPDATE);
            boolean byDeletes = events.contains(Verb.DELETE);
            return ofStatement && (byUpserts || byDeletes && (rekeys || write == Verb.DELETE || write == Verb.MERGE));
        }

        /** Whether it may leave rows out, of any write. */
        public boolean leavesOut() {
            return !leavesOut.isEmpty();
        }

        @Override
        public String toString() {
            return name.equals(routine) ? name : name + " (" + routine + ")";
        }
    }

    /** A table whose rows change with this one's, by foreign keys that cascade or set something else, also by way of other tables. */
    public static final class Dependant {
        public final TableName table;
        /** Whether a DELETE here changes it. */
        public final boolean byDelete;
        /** The columns here whose UPDATE changes it; empty for none. */
        public final List<String> byColumns;

        public Dependant(TableName table, boolean byDelete, List<String> byColumns) {
            this.table = table;
            this.byDelete = byDelete;
            this.byColumns = Collections.unmodifiableList(new ArrayList<>(byColumns));
        }

        /** Whether an UPDATE of these columns, or null for a DELETE, changes it. */
        private boolean follows(@Nullable Collection<String> assigned) {
            if (assigned == null) {
                return byDelete;
            }
            for (String column : assigned) {
                for (String own : byColumns) {
                    if (own.equalsIgnoreCase(column)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private enum Feature {
        UNIQUE_KEY,
        DEFERRABLE_KEY,
        TEMPORARY,
        KEEPS_ROLLED_BACK,
        HEIRS
    }

    /** The name with the schema that the database resolved, as the catalogue spells them. */
    public final TableName name;
    /** All columns in the order of the table. */
    public final List<Column> columns;
    /** The primary key's columns in key order; empty where the table has none. */
    public final List<Column> key;
    /** Column names of each unique key beside the primary one. */
    public final List<List<String>> secondaryKeys;

    public final List<Reference> references;
    /** Those that this table's rows are referenced by, where that changes rows. */
    public final List<Dependant> dependants;
    /** The user's triggers on the table. */
    public final List<Trigger> triggers;
    /** Whether a unique index sees to it that no two rows have the same key. */
    public final boolean keyIsUnique;
    /** Whether it holds what a session works with and nobody keeps: no Data A. */
    public final boolean temporary;
    /** Whether a rollback undoes what was written: some of MariaDB's engines keep it (MyISAM, Aria, MEMORY). */
    public final boolean transactional;
    /** Whether a row image has the text of a value ({@link Column#isReadAsText}). */
    public final boolean hasTextOfValues;
    /** Whether other tables of PostgreSQL's inherit from it, whose rows an UPDATE or DELETE of it writes as well. */
    public final boolean hasHeirs;

    private final Set<Feature> features;

    public TableShape(
            TableName name,
            List<Column> columns,
            List<Column> key,
            List<List<String>> secondaryKeys,
            List<Reference> references,
            List<Dependant> dependants,
            List<Trigger> triggers) {
        this.name = name;
        this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
        this.key = Collections.unmodifiableList(new ArrayList<>(key));
        this.secondaryKeys = Collections.unmodifiableList(new ArrayList<>(secondaryKeys));
        this.references = Collections.unmodifiableList(new ArrayList<>(references));
        this.dependants = Collections.unmodifiableList(new ArrayList<>(dependants));
        this.triggers = Collections.unmodifiableList(new ArrayList<>(triggers));
        this.features = EnumSet.of(Feature.UNIQUE_KEY);
        this.keyIsUnique = true;
        this.temporary = false;
        this.transactional = true;
        this.hasHeirs = false;
        this.hasTextOfValues = columns.stream().anyMatch(Column::isReadAsText);
    }

    private TableShape(TableShape same, List<Column> key, Set<Feature> features) {
        this.name = same.name;
        this.columns = same.columns;
        this.key = Collections.unmodifiableList(new ArrayList<>(key));
        this.secondaryKeys = same.secondaryKeys;
        this.references = same.references;
        this.dependants = same.dependants;
        this.triggers = same.triggers;
        this.features = features;
        this.keyIsUnique = features.contains(Feature.UNIQUE_KEY);
        this.temporary = features.contains(Feature.TEMPORARY);
        this.transactional = !features.contains(Feature.KEEPS_ROLLED_BACK);
        this.hasHeirs = features.contains(Feature.HEIRS);
        this.hasTextOfValues = same.hasTextOfValues;
    }

    /** The same table, known to be temporary. */
    TableShape asTemporary() {
        return with(Feature.TEMPORARY);
    }

    /** The same table, known to keep what is rolled back. */
    TableShape withoutTransactions() {
        return with(Feature.KEEPS_ROLLED_BACK);
    }

    /** The same table, known to be one from which others inherit. */
    TableShape withHeirs() {
        return with(Feature.HEIRS);
    }

    /** The same table, known to have a key of PostgreSQL's that two rows may share until their transaction ends. */
    TableShape withDeferrableKey() {
        return with(Feature.DEFERRABLE_KEY);
    }

    private TableShape with(Feature feature) {
        Set<Feature> more = EnumSet.copyOf(features);
        more.add(feature);
        return new TableShape(this, key, more);
    }

    /** Whether an INSERT finds a row of the same key by an index, so that it can do something else instead. */
    boolean findsConflicts() {
        return keyIsUnique && !hasDeferrableKey() && !key.isEmpty();
    }

    /** Whether PostgreSQL may look at the key as late as at the end of a transaction, and takes it for no ON CONFLICT. */
    boolean hasDeferrableKey() {
        return features.contains(Feature.DEFERRABLE_KEY);
    }

    /**
     * The same table with its rows told apart by these columns, where it has no key of its own and no index sees to it; itself
     * where it has one, or where a column is missing or may be NULL.
     */
    public TableShape keyedBy(List<String> names) {
        List<Column> named = new ArrayList<>(names.size());
        for (String one : names) {
            Column column = column(one);
            if (column != null && !column.nullable) {
                named.add(column);
            }
        }
        if (!key.isEmpty() || named.size() < names.size() || names.isEmpty()) {
            return this;
        }
        Set<Feature> fewer = EnumSet.copyOf(features);
        fewer.remove(Feature.UNIQUE_KEY);
        return new TableShape(this, named, fewer);
    }

    /**
     * The tables whose rows a write here changes as well.
     *
     * @param assigned the columns that an UPDATE assigns; null for a DELETE
     */
    public List<TableName> changedWith(@Nullable Collection<String> assigned) {
        List<TableName> changed = new ArrayList<>(0);
        for (Dependant dependant : dependants) {
            if (dependant.follows(assigned)) {
                changed.add(dependant.table);
            }
        }
        return changed;
    }

    /** The column of that name, else one whose name differs in case alone, or null. */
    public @Nullable Column column(String columnName) {
        Column alike = null;
        for (Column column : columns) {
            if (column.name.equals(columnName)) {
                return column;
            }
            if (alike == null && column.name.equalsIgnoreCase(columnName)) {
                alike = column;
            }
        }
        return alike;
    }

    /** The rule that the server may follow instead of a statement, or null. */
    public @Nullable Trigger rule() {
        for (Trigger trigger : triggers) {
            if (trigger.rule) {
                return trigger;
            }
        }
        return null;
    }

    /** Whether a trigger may leave out rows of such a write, so that the server neither writes nor returns them. */
    public boolean mayLeaveOut(Verb write) {
        for (Trigger trigger : triggers) {
            if (trigger.leavesOut.contains(write)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a trigger runs before a row is inserted, also where an upsert comes to update one that is there. */
    boolean firesBeforeInsert() {
        for (Trigger trigger : triggers) {
            if (trigger.before.contains(Verb.INSERT)) {
                return true;
            }
        }
        return false;
    }

    /** Whether more happens where a row is deleted: by a trigger, or by a foreign key that cascades. */
    public boolean changesMoreByDelete() {
        for (Trigger trigger : triggers) {
            if (trigger.events.contains(Verb.DELETE)) {
                return true;
            }
        }
        return !changedWith(null).isEmpty();
    }

    /** The first column whose values the database generates, or null. */
    public @Nullable Column generatedKey() {
        for (Column column : columns) {
            if (column.generatedKey) {
                return column;
            }
        }
        return null;
    }

    /** Whether the column of that name, case ignored, belongs to the primary key. */
    public boolean isKey(String columnName) {
        for (Column column : key) {
            if (column.name.equalsIgnoreCase(columnName)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a column holds an instant, or may hold one on the other side: MariaDB's DATETIME never does. */
    public boolean keepsInstants() {
        for (Column column : columns) {
            boolean time = column.kind == Kind.TIMESTAMP && !column.typeName.startsWith("datetime");
            if (time || column.kind == Kind.TIMESTAMP_TZ) {
                return true;
            }
        }
        return false;
    }

    /** The columns that can be written: all but computed ones. */
    public List<Column> writable() {
        List<Column> writable = new ArrayList<>();
        for (Column column : columns) {
            if (!column.computed) {
                writable.add(column);
            }
        }
        return writable;
    }

    /** Those of the columns that an UPDATE by key may assign: no key, nothing computed, no GENERATED ALWAYS AS IDENTITY. */
    public List<Column> assignable(List<Column> candidates) {
        List<Column> assignable = new ArrayList<>();
        for (Column column : candidates) {
            if (!column.computed && !column.alwaysIdentity && !isKey(column.name)) {
                assignable.add(column);
            }
        }
        return assignable;
    }

    /** Whether both describe a table of the same name, columns, keys and triggers. */
    public boolean describesTheSameAs(TableShape other) {
        return description().equals(other.description());
    }

    private List<Object> description() {
        List<Object> all = new ArrayList<>();
        for (Column column : columns) {
            all.add(column.description());
        }
        for (Reference reference : references) {
            all.add(reference.name + reference.parent + reference.columns + reference.cascades);
        }
        for (Dependant dependant : dependants) {
            all.add(dependant.table.toString() + dependant.byDelete + dependant.byColumns);
        }
        for (Trigger trigger : triggers) {
            all.add(trigger + " " + trigger.rule + trigger.events + trigger.before + trigger.leavesOut
                    + trigger.ofStatement);
        }
        return Arrays.asList(name, all, key.toString(), secondaryKeys, features);
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
