package io.dualwrite.route;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.config.Setting;
import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.route.Route.Way;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which way a statement goes, as a pure function of its classification, the rung and the settings. Thread-safe.
 *
 * <p>What cannot be mirrored exactly is marked where one side may differ for a while (phases 3 and 5) and refused where both
 * must agree (strict rungs).
 */
public final class Router {
    private static final String WRITTEN_IN_TWO = "Data B was written in phase 2";

    private Router() {}

    /** Where a statement goes on a rung, under these settings. */
    public static Route route(Classification statement, Rung rung, Settings settings) {
        return route(statement, rung, settings, false);
    }

    /** As {@link #route(Classification, Rung, Settings, boolean, Set)}, where no server was asked about functions. */
    public static Route route(Classification statement, Rung rung, Settings settings, boolean temporary) {
        return route(statement, rung, settings, temporary, Collections.<String>emptySet());
    }

    /**
     * Where a statement goes.
     *
     * @param temporary whether all that it writes are temporary tables of its connection, which are no Data A
     * @param reading the functions that a server says read only; what the settings say counts more
     */
    public static Route route(
            Classification statement, Rung rung, Settings settings, boolean temporary, Set<String> reading) {
        if (isTransactionControl(statement.verb())) {
            return Route.of(Way.TRANSACTION, rung.answers());
        }
        if (!rung.dual()) {
            return alone(statement, temporary ? Collections.emptyList() : statement.writes(), rung, settings);
        }
        boolean none = temporary || statement.verb() == Verb.TEMPORARY;
        Route calls = calls(statement, none ? Collections.emptyList() : statement.writes(), rung, settings, reading);
        if (temporary) {
            return calls == null ? temporary(rung) : calls;
        }
        switch (statement.verb()) {
            case SELECT:
                return calls == null ? read(statement, rung) : calls;
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
            case TRUNCATE:
                return write(statement, calls, rung, settings);
            case SESSION:
                return calls == null ? Route.of(Way.SESSION, rung.reads()) : calls;
            case TEMPORARY:
                return calls == null ? definingTemporary(statement, rung) : calls;
            case LOCK:
                return calls == null ? lock(rung) : calls;
            case DDL:
                return definition(statement, rung, settings);
            default:
                return statement.is(Trait.ONE_SIDED_END) || statement.is(Trait.ONE_SIDED)
                        ? Route.refuse(
                                rung.authority(),
                                reasonOf(statement) + "; refused while both databases are written (" + rung + ")")
                        : unknown(statement, calls, rung);
        }
    }

    private static Route definition(Classification statement, Rung rung, Settings settings) {
        if (settings.ddl != Setting.Ddl.BOTH) {
            return Route.refuse(
                    rung.authority(),
                    "DDL is refused while both databases are written (" + rung
                            + "); change the schema on both sides in phase 1 or 6, or set ddl = both where they are of"
                            + " one vendor");
        }
        return rung.strict() && statement.is(Trait.FILLS_ROWS)
                ? Route.refuse(
                        rung.authority(),
                        "DDL that fills rows with what each database has by itself is refused while the fleet crosses ("
                                + rung + ")")
                : Route.of(Way.DEFINITION, rung.authority());
    }

    /** The connection stays on its rung: where new is not read, it is not needed on new. */
    private static Route temporary(Rung rung) {
        return rung.reads() == Side.NEW ? Route.of(Way.TEMPORARY, Side.NEW) : Route.on(rung.authority());
    }

    /** One that outlives nothing is of this transaction, or of all sessions (H2). */
    private static Route definingTemporary(Classification statement, Rung rung) {
        return statement.is(Trait.OUTLIVES_TRANSACTION) ? temporary(rung) : Route.of(Way.SESSION, rung.reads());
    }

    private static Route lock(Rung rung) {
        return rung.reads() == Side.OLD ? Route.on(rung.authority()) : Route.of(Way.LOCK_BOTH, rung.reads());
    }

    private static boolean isTransactionControl(Verb verb) {
        switch (verb) {
            case BEGIN:
            case COMMIT:
            case ROLLBACK:
            case SAVEPOINT:
            case ROLLBACK_TO_SAVEPOINT:
            case RELEASE_SAVEPOINT:
                return true;
            default:
                return false;
        }
    }

    private static Route alone(Classification statement, List<TableName> writes, Rung rung, Settings settings) {
        if (settings.phase == Phase.TWO && rung == Rung.OLD_ONLY) {
            List<TableName> derived = ofClass(DataClass.B, withCalled(writes, statement, settings), settings);
            if (!derived.isEmpty()) {
                return Route.marked(rung.authority(), derived, WRITTEN_IN_TWO);
            }
        }
        return Route.on(rung.authority());
    }

    /**
     * Where the change of a row through a result set goes, on a rung with one leg.
     *
     * @param tables those that the rows are from; empty where they are not known
     */
    public static Route routeOfRow(List<TableName> tables, Rung rung, Settings settings) {
        if (settings.phase == Phase.TWO && rung == Rung.OLD_ONLY) {
            List<TableName> derived = ofClass(DataClass.B, tables, settings);
            if (tables.isEmpty() || !derived.isEmpty()) {
                return Route.marked(rung.authority(), derived, WRITTEN_IN_TWO);
            }
        }
        return Route.on(rung.authority());
    }

    /** What the statement writes, and what the functions that it calls are said to write. */
    private static List<TableName> withCalled(List<TableName> writes, Classification statement, Settings settings) {
        if (statement.functions().isEmpty() && statement.builtIns().isEmpty()) {
            return writes;
        }
        List<TableName> all = new ArrayList<>(writes);
        addDeclared(all, statement.functions(), settings);
        addDeclared(all, statement.builtIns(), settings);
        return all;
    }

    private static void addDeclared(List<TableName> all, List<String> functions, Settings settings) {
        for (String function : functions) {
            List<TableName> declared = settings.routineWrites(function);
            all.addAll(declared == null ? Collections.emptyList() : declared);
        }
    }

    private static Route read(Classification statement, Rung rung) {
        if (statement.is(Trait.GENERATOR)) {
            return Route.on(Side.OLD);
        }
        if (statement.is(Trait.PARTIAL_LOCKING) && rung == Rung.STRICT_READ_NEW) {
            // Both sides hold the same rows, and all neighbours lock old first: old's lock says who has a row.
            return Route.on(Side.OLD);
        }
        if (statement.is(Trait.LOCKING) && rung.reads() == Side.NEW) {
            return Route.of(Way.LOCK_BOTH, rung.reads());
        }
        // Who listens may be on either side.
        return statement.is(Trait.NOTIFIES) ? Route.of(Way.NOTIFY, rung.reads()) : Route.on(rung.reads());
    }

    /** @param calls where it goes for the functions that it calls, or null */
    private static Route write(Classification statement, @Nullable Route calls, Rung rung, Settings settings) {
        List<TableName> tables = statement.writes();
        List<TableName> refused = ofClass(DataClass.REFUSED, tables, settings);
        if (!refused.isEmpty()) {
            return Route.refuse(
                    rung.authority(),
                    "table " + refused.get(0) + " is on no list; add it to dataA or dataB, or set unlisted");
        }
        if (!tables.isEmpty() && ofClass(DataClass.B, tables, settings).size() == tables.size()) {
            return calls == null ? marked(rung, tables, "Data B was written while both databases are written") : calls;
        }
        if (statement.verb() == Verb.TRUNCATE) {
            return Route.refuse(
                    rung.authority(),
                    "TRUNCATE of " + tables + " cannot be mirrored while both databases are written; use DELETE");
        }
        if (calls != null) {
            return calls;
        }
        if (rung == Rung.STRICT_READ_NEW && statement.is(Trait.ROW_ADDRESS)) {
            return marked(
                    rung,
                    tables,
                    "the address of a row that was read on new (ctid, xmin, _ROWID_) is another row's on old");
        }
        if (tables.size() != 1 || !statement.is(Trait.SINGLE_TABLE)) {
            return marked(rung, tables, "the rows that this " + statement.verb() + " writes cannot be told exactly");
        }
        return Route.of(Way.MIRROR, rung.answers());
    }

    /**
     * A text that could not be read whole may write any table; else it goes by the functions that it calls, and a call of a routine that is
     * said to read only runs where the rung reads.
     *
     * @param calls where it goes for the functions that it calls, or null
     */
    private static Route unknown(Classification statement, @Nullable Route calls, Rung rung) {
        if (statement.is(Trait.WRITES_MORE)) {
            return marked(rung, Collections.emptyList(), reasonOf(statement));
        }
        if (calls != null) {
            return calls;
        }
        return statement.is(Trait.CALL)
                ? Route.on(rung.reads())
                : marked(rung, statement.writes(), reasonOf(statement));
    }

    private static Route marked(Rung rung, List<TableName> tables, String reason) {
        if (rung.strict()) {
            return Route.refuse(rung.authority(), reason + "; refused while the fleet crosses (" + rung + ")");
        }
        return Route.marked(rung.authority(), tables, reason);
    }

    private static String reasonOf(Classification statement) {
        String reason = statement.reason();
        return reason == null ? "what this statement writes is not known" : reason;
    }

    private static List<TableName> ofClass(DataClass wanted, List<TableName> tables, Settings settings) {
        List<TableName> found = Collections.emptyList();
        for (TableName table : tables) {
            if (settings.manifest.classOf(table) == wanted) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(tables.size());
                }
                found.add(table);
            }
        }
        return found;
    }

    /**
     * Where a statement goes for the functions that it calls, or null where they are declared and write nothing.
     *
     * @param writes what is marked beside what the functions write
     */
    private static @Nullable Route calls(
            Classification statement, List<TableName> writes, Rung rung, Settings settings, Set<String> reading) {
        if (statement.functions().isEmpty()) {
            return null;
        }
        List<TableName> written = new ArrayList<>(0);
        for (String function : statement.functions()) {
            List<TableName> declared = settings.routineWrites(function);
            if (declared == null && reading.contains(function)) {
                continue;
            }
            if (declared == null) {
                return marked(
                        rung,
                        Collections.emptyList(),
                        "function " + function + " may write; declare routine." + function + " = reads or writes …");
            }
            written.addAll(declared);
        }
        if (written.isEmpty()) {
            return null;
        }
        written.addAll(writes);
        return marked(rung, written, "a routine that writes was called");
    }
}
