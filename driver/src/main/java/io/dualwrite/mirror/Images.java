package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.FollowingGenerators;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.RowWriter;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Values;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Carries the rows that one side touched to the other side (R7, R8, R25, R30). Runs on the mirror leg's lane. */
final class Images {
    private Images() {}

    /**
     * Makes the mirror's rows what the first side's are.
     *
     * @throws SQLException the vendor's own, or one without a state where the rows still differ
     */
    static void apply(Leg mirror, TableShape target, Captured captured, Verb verb) throws SQLException {
        RowWriter writer = mirror.writer(captured.table, target);
        if (verb == Verb.DELETE) {
            for (RowImage image : Family.childrenFirst(captured)) {
                delete(writer, image);
            }
            return;
        }
        if (captured.formerKeys.size() == 1 && captured.images.size() == 1) {
            moved(writer, captured, verb);
            return;
        }
        Set<RowKey> now = new HashSet<>();
        for (RowImage image : captured.images) {
            now.add(image.key());
        }
        for (RowKey former : captured.formerKeys) {
            if (!now.contains(former) && writer.delete(former) == 0) {
                throw missed(captured.table, verb);
            }
        }
        for (RowImage image : Family.parentsFirst(captured)) {
            if (verb == Verb.INSERT) {
                insert(mirror, writer, image);
            } else {
                writer.upsert(image);
            }
        }
    }

    /**
     * As {@link #apply} one after the other, for writes that leave their rows under their keys. A row that comes again begins another
     * message: what came between may need it as it was, for a unique key that it gave up or a foreign key of the table to itself.
     */
    static void upsertTogether(Leg mirror, TableShape target, List<Captured> writes) throws SQLException {
        RowWriter writer = mirror.writer(writes.get(0).table, target);
        if (!writer.upsertsAtOnce()) {
            for (Captured captured : writes) {
                apply(mirror, target, captured, Verb.UPDATE);
            }
            return;
        }
        Map<RowKey, RowImage> rows = new LinkedHashMap<>();
        for (Captured captured : writes) {
            for (RowImage image : captured.images) {
                if (rows.containsKey(image.key())) {
                    writer.upsertAll(rows.values());
                    rows.clear();
                }
                rows.put(image.key(), image);
            }
        }
        writer.upsertAll(rows.values());
    }

    /** One row whose key was changed: what cascades follows it, where a row that is deleted and inserted would take it along. */
    private static void moved(RowWriter writer, Captured captured, Verb verb) throws SQLException {
        RowKey former = captured.formerKeys.get(0);
        RowImage image = captured.images.get(0);
        if (!former.equals(image.key()) && writer.rekey(former, image.key()) == 0) {
            throw missed(captured.table, verb);
        }
        writer.upsert(image);
    }

    /** R7: a row whose key was changed may be there in a transaction that has not committed yet, and come with its former key. */
    private static SQLException missed(TableShape table, Verb verb) {
        return new SQLException(verb + " of " + table + " changed a key that the mirror does not have");
    }

    /** R7: a delete that finds nothing may have met an insert that is not committed yet; waiting for it is what insertIfAbsent does. */
    private static void delete(RowWriter writer, RowImage image) throws SQLException {
        if (writer.delete(image.key()) > 0) {
            return;
        }
        writer.insertIfAbsent(image);
        if (writer.delete(image.key()) == 0) {
            throw new SQLException("DELETE of " + image.table + " found no row on the mirror, even after inserting it");
        }
    }

    /** Where the vendor has no upsert by key, an insert is what a new row needs most often. */
    private static void insert(Leg mirror, RowWriter writer, RowImage image) throws SQLException {
        if (writer.upsertsAtOnce() || writer.updatesFirst()) {
            writer.upsert(image);
            return;
        }
        if (writer.insertsIfAbsentAtOnce()) {
            if (!writer.insertIfAbsent(image)) {
                writer.upsert(image);
            }
            return;
        }
        try {
            writer.insert(image);
        } catch (SQLException e) {
            if (!mirror.dialect.isDuplicate(e) || mirror.aftermath(e) != Aftermath.STATEMENT_UNDONE) {
                throw e;
            }
            writer.upsert(image);
        }
    }

    /** Inserts the images as rows that must not be there yet, so that the side's own constraints speak. */
    static void insertNew(Leg leg, TableShape target, Captured captured) throws SQLException {
        RowWriter writer = leg.writer(captured.table, target);
        for (RowImage image : Family.parentsFirst(captured)) {
            writer.insert(image);
        }
    }

    /** Writes the images over rows of their keys, which may be there: an INSERT that says what to do then has changed them. */
    static void upsert(Leg leg, TableShape target, Captured captured) throws SQLException {
        RowWriter writer = leg.writer(captured.table, target);
        for (RowImage image : Family.parentsFirst(captured)) {
            writer.upsert(image);
        }
    }

    /**
     * Makes the mirror's rows what the authority's are, where the mirror ran the statement as well.
     *
     * @throws SQLException one without a state where the two touched different rows
     */
    static void heal(Leg mirror, Captured onMirror, Captured onAuthority, Verb verb) throws SQLException {
        Map<RowKey, RowImage> mirrored = new HashMap<>();
        for (RowImage image : onMirror.images) {
            mirrored.put(image.key(), image);
        }
        RowWriter writer = mirror.writer(onAuthority.table, onMirror.table);
        List<RowImage> missing = new ArrayList<>();
        List<RowImage> unseen = new ArrayList<>();
        Set<RowKey> now = new HashSet<>();
        for (RowImage image : onAuthority.images) {
            now.add(image.key());
            RowImage same = mirrored.remove(image.key());
            if (verb == Verb.DELETE) {
                if (same == null && writer.delete(image.key()) == 0) {
                    unseen.add(image);
                }
            } else if (same == null) {
                missing.add(image);
            } else if (!equal(same, image)) {
                writer.upsert(image);
            }
        }
        if (!mirrored.isEmpty()) {
            throw new SQLException(
                    verb + " of " + onMirror.table + " touched " + mirrored.size() + " rows on " + mirror.side.word()
                            + " that it did not touch on " + mirror.side.other().word());
        }
        for (RowKey former : onAuthority.formerKeys) {
            // The mirror's own statement has moved the row, perhaps to a key that the database takes for the same one
            boolean moved = now.contains(former) || onMirror.formerKeys.contains(former);
            if (!moved && writer.delete(former) == 0) {
                throw missed(onMirror.table, verb);
            }
        }
        insertSparing(mirror, writer, onMirror.table, missing);
        deleteUnseen(mirror, writer, onMirror.table, unseen);
    }

    /** Rows that the authority deleted and the mirror has not, or whose insert is not committed there yet (R7). */
    private static void deleteUnseen(Leg mirror, RowWriter writer, TableShape target, List<RowImage> rows)
            throws SQLException {
        requireNotRaising(mirror, target, rows);
        for (RowImage row : rows) {
            delete(writer, row);
        }
    }

    /**
     * Inserts rows that the other side has made, unless one would raise a generator here into the values of the other side
     * (R24).
     *
     * @throws SQLException one without a state where it would
     */
    static void insertSparing(Leg leg, RowWriter writer, TableShape target, List<RowImage> rows) throws SQLException {
        requireNotRaising(leg, target, rows);
        for (RowImage row : rows) {
            writer.upsert(row);
        }
    }

    private static void requireNotRaising(Leg leg, TableShape target, List<RowImage> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        FollowingGenerators generators = FollowingGenerators.of(leg.dialect, leg.connection, target);
        for (RowImage row : rows) {
            if (generators.raisedBy(row)) {
                throw new SQLException("A row of " + target + " is not on " + leg.side.word()
                        + " yet, and inserting it would raise the generator there into the other side's values");
            }
        }
    }

    /** Whether both inserted the same rows, in the columns that the statement names, or in all but generated keys. */
    static boolean sameRows(Captured one, Captured other, List<String> named) {
        Set<String> names = new HashSet<>();
        named.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        List<RowImage> left = new LinkedList<>(one.images);
        for (RowImage image : other.images) {
            Iterator<RowImage> candidates = left.iterator();
            boolean found = false;
            while (!found && candidates.hasNext()) {
                found = equal(
                        candidates.next(),
                        image,
                        column -> named.isEmpty()
                                ? !column.generatedKey
                                : names.contains(column.name.toLowerCase(Locale.ROOT)));
            }
            if (!found) {
                return false;
            }
            candidates.remove();
        }
        return left.isEmpty();
    }

    private static boolean equal(RowImage one, RowImage other) {
        return equal(one, other, column -> true);
    }

    private static boolean equal(RowImage one, RowImage other, Predicate<Column> compared) {
        for (int i = 0; i < other.columns.size(); i++) {
            Column column = other.columns.get(i);
            if (!compared.test(column)) {
                continue;
            }
            int at = one.indexOf(column.name);
            if (at < 0 || !Values.same(one.values[at], other.values[i], one.columns.get(at), column)) {
                return false;
            }
        }
        return true;
    }
}
