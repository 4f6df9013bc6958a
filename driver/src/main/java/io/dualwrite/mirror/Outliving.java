package io.dualwrite.mirror;

import io.dualwrite.ladder.Standing;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.LockCall;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What on one connection outlives its transactions: temporary tables, session locks, held cursors and statements prepared by
 * text. As long as there is any, the connection stays on its rung (R22). Used by the connection's thread alone.
 *
 * <p>A temporary table is no Data A, and its name hides a table of the same name. Whether one is there that was made or dropped
 * in a transaction is asked of the server when it has ended, for a commit may have been a rollback. Locks that were tried or let
 * go are asked for as well.
 */
public final class Outliving {

    /** Asks the server what the connection has. */
    interface Server {
        boolean hasTemporary(TableName table) throws SQLException;

        /** Whether there is anything of that name, a view or sequence too, or may be. */
        boolean hasAny(TableName table) throws SQLException;

        /** Whether it holds session locks; null where the server does not tell. */
        @Nullable
        Boolean hasLocks() throws SQLException;

        /** Whether it holds the lock of this name. */
        boolean holdsLock(String name) throws SQLException;

        /** What the name is in a call that locks by name. */
        @Nullable
        String lockName(LockCall call, WriteRequest request) throws SQLException;
    }

    private static final String PREPARED = "a statement prepared by text";

    private final DualTransaction transaction;
    private final Standing.Pin pin;
    private final Server server;
    private final Set<TableName> temporaries = new LinkedHashSet<>(0);
    /** Names of which the server has to be asked. */
    private final Set<TableName> doubtful = new LinkedHashSet<>(0);
    /** Tables that were made or dropped in the open transaction. */
    private final Set<TableName> ofTransaction = new LinkedHashSet<>(0);

    private final Set<String> named = new LinkedHashSet<>(0);
    private final SessionLocks locks = new SessionLocks();

    Outliving(DualTransaction transaction, Standing.Pin pin) {
        this.transaction = transaction;
        this.pin = pin;
        this.server = new OutlivingServer(transaction);
    }

    /**
     * Whether all that a statement writes are this connection's temporary tables.
     *
     * @throws SQLException the vendor's own, where the server had to be asked
     */
    public boolean writesTemporariesOnly(Classification statement) throws SQLException {
        if (!hasTemporaries() || statement.writes().isEmpty()) {
            return false;
        }
        if (!doubtful.isEmpty()) {
            ask(server);
        }
        if (statement.verb() == Verb.UNKNOWN || Classification.CREATE_TABLE.equals(statement.name())) {
            return false;
        }
        for (TableName table : statement.writes()) {
            if (!isTemporary(table)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the connection has, or may have, a temporary table. */
    public boolean hasTemporaries() {
        return !temporaries.isEmpty() || !doubtful.isEmpty();
    }

    /**
     * Whether the statement drops tables of which the side that is read has none, as before a temporary one is made, so that it does nothing
     * there.
     *
     * @throws SQLException the vendor's own
     */
    public boolean dropsNothing(Classification statement) throws SQLException {
        if (statement.verb() != Verb.DDL || !Classification.DROP_IF_EXISTS.equals(statement.name())) {
            return false;
        }
        for (TableName table : statement.writes()) {
            if (server.hasAny(table)) {
                return false;
            }
        }
        return !statement.writes().isEmpty();
    }

    /** Whether the server has to be asked what is left of a transaction. */
    boolean isInDoubt() {
        return locks.isInDoubt() || !doubtful.isEmpty();
    }

    /** Asks the server what is there. */
    private void ask(Server server) throws SQLException {
        for (TableName table : new ArrayList<>(doubtful)) {
            note(table, server.hasTemporary(table));
        }
        locks.ask(server);
        tell();
    }

    private void note(TableName table, boolean there) {
        doubtful.remove(table);
        if (there) {
            temporaries.add(table);
        } else {
            temporaries.remove(table);
        }
    }

    private boolean isTemporary(TableName table) throws SQLException {
        if (temporaries.contains(table)) {
            return true;
        }
        for (TableName temporary : temporaries) {
            if (temporary.table().equalsIgnoreCase(table.table())) {
                return server.hasTemporary(table);
            }
        }
        return false;
    }

    /**
     * Notes what a statement that has run leaves behind, or takes away.
     *
     * @throws SQLException the vendor's own, where the server had to be asked
     */
    public void ran(WriteRequest request) throws SQLException {
        Classification statement = request.classification;
        boolean plain = statement.name() == null && !statement.is(Trait.OUTLIVES_TRANSACTION);
        if (plain && statement.verb() != Verb.DDL && statement.verb() != Verb.TEMPORARY) {
            return;
        }
        switch (statement.verb()) {
            case TEMPORARY:
            case DDL:
                defined(statement);
                break;
            case LOCK:
                locks.ran(request, server);
                break;
            case SELECT:
                cursor(lower(statement.name()), statement.is(Trait.OUTLIVES_TRANSACTION));
                break;
            case SESSION:
                session(lower(statement.name()), statement.is(Trait.OUTLIVES_TRANSACTION));
                break;
            default:
                break;
        }
        tell();
    }

    /** Where the transaction goes on, what it made may still be undone. */
    private void defined(Classification statement) throws SQLException {
        boolean goesOn = transaction.goesOn();
        boolean makes = Classification.CREATE_TABLE.equals(statement.name());
        if (!makes && statement.is(Trait.OUTLIVES_TRANSACTION)) {
            named.add("a temporary view or sequence");
        }
        for (TableName table : statement.writes()) {
            if (makes && statement.verb() == Verb.TEMPORARY) {
                if (goesOn || statement.is(Trait.OUTLIVES_TRANSACTION)) {
                    temporaries.add(table);
                }
            } else if (temporaries.contains(table)) {
                note(table, server.hasTemporary(table));
            } else {
                continue;
            }
            if (goesOn) {
                ofTransaction.add(table);
            }
        }
    }

    private void cursor(String name, boolean held) {
        if (held) {
            named.add("cursor " + name);
        } else if (name.equals("close all")) {
            named.removeIf(what -> what.startsWith("cursor "));
        } else if (name.startsWith("close ")) {
            named.remove("cursor " + name.substring("close ".length()));
        }
    }

    private void session(String command, boolean prepares) {
        if (prepares) {
            named.add(PREPARED);
        } else if (command.equals("deallocate")) {
            named.remove(PREPARED);
        } else if (command.equals("discard")) {
            named.clear();
            locks.clear();
            doubtful.addAll(temporaries);
        }
    }

    /** The transaction is over: what it made may have gone with it, and what it dropped may be back. */
    void transactionEnded() {
        if (!ofTransaction.isEmpty()) {
            doubtful.addAll(ofTransaction);
            ofTransaction.clear();
        }
        if (isInDoubt()) {
            askWhatIsLeft();
        }
    }

    /** What is left of a transaction is asked in one of its own; where that fails, before the next write. */
    private void askWhatIsLeft() {
        Leg leg = transaction.legs.existing(transaction.rung().authority());
        Leg read = transaction.legs.existing(transaction.rung().reads());
        if (leg == null || read == null) {
            return;
        }
        try {
            ask(new OutlivingServer(transaction, leg, read));
            endLook(leg);
            endLook(read);
        } catch (SQLException e) {
            Faults.LOG.debug("What outlives a transaction is not known yet: {}", Faults.described(e));
        }
    }

    private static void endLook(Leg leg) throws SQLException {
        if (!leg.autoCommit()) {
            leg.connection.rollback();
        }
    }

    /** Some of the transaction was undone. */
    void rolledBack() {
        doubtful.addAll(ofTransaction);
    }

    private static String lower(@Nullable String name) {
        return String.valueOf(name).toLowerCase(Locale.ROOT);
    }

    private void tell() {
        String what = null;
        if (!temporaries.isEmpty()) {
            what = "temporary table " + temporaries.iterator().next();
        } else if (locks.isHeld()) {
            what = "a session lock";
        } else if (!named.isEmpty()) {
            what = named.iterator().next();
        }
        pin.outlives(what);
    }
}
