package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes what the application changes in its session on both legs, and forgets what is known of a session where a change may be
 * undone by the end of its transaction (R27). For legs that are opened later {@link Session} remembers the changes. Used by the
 * transaction's thread alone.
 */
public final class SessionChanges {
    private final DualTransaction transaction;
    private final Legs legs;
    private final MirrorLeg mirror;
    private final Follower follower;
    private final FailedSides failedSides;
    /** Whether the open transaction has changed what unqualified names mean, which its rollback may undo. */
    private boolean namespaceInDoubt;
    /** Whether a text of the open transaction may have set its isolation. */
    private boolean isolationInDoubt;
    /** Whether the application has set its connection read only. */
    private boolean readOnly;
    /** Whether autocommit has changed since within a transaction, and with it what read only means. */
    private boolean readOnlyInDoubt;
    /** Whether a transaction was open when that was set, which it may leave as it is. */
    private boolean readOnlyLater;

    SessionChanges(DualTransaction transaction, Follower follower, FailedSides failedSides) {
        this.legs = transaction.legs;
        this.transaction = transaction;
        this.mirror = follower.mirror;
        this.follower = follower;
        this.failedSides = failedSides;
    }

    /** A text is about to set, perhaps, the time zone of the session that is read. */
    public void timeZoneMayChange() throws SQLException {
        legs.session().timeZoneWasSet();
        transaction.on(transaction.rung().reads()).keepTimeZone();
    }

    /** A text has perhaps set the isolation of the session, or of this transaction. */
    public void isolationMayChange() {
        isolationInDoubt = true;
        forgetIsolation();
    }

    /**
     * Sets the isolation of every leg, and of those opened later; where that commits on the side that is read, it commits on both.
     *
     * @param level one of {@link Connection}'s
     */
    public void isolation(int level) throws SQLException {
        mirror.settle();
        Rung now = transaction.rung();
        if (now.dual() && legs.open(now.reads()).dialect.commitsBeforeIsolation()) {
            transaction.commitBefore(true);
        }
        Leg read = legs.open(transaction.rung().reads());
        // First, for what it refuses is not kept for the other.
        read.limits.setIsolation(level);
        for (Leg leg : legs.all()) {
            if (leg != read) {
                leg.limits.setIsolation(level);
            }
        }
        legs.session().isolation(level);
    }

    private void forgetIsolation() {
        for (Leg leg : legs.all()) {
            leg.limits.forgetIsolation();
        }
    }

    /**
     * Gives the transaction that has begun a mode that the application's BEGIN named: on the leg that commits first, and where
     * it changes what is read, on the one that is read.
     *
     * @param mode as SET TRANSACTION takes it
     */
    public void mode(String mode, boolean ofReads) throws SQLException {
        Rung now = transaction.rung();
        isolationMayChange();
        setTransaction(transaction.on(now.authority()), mode);
        if (ofReads && now.reads() != now.authority()) {
            setTransaction(transaction.on(now.reads()), mode);
        }
    }

    private static void setTransaction(Leg leg, String mode) throws SQLException {
        try (Statement statement = leg.connection.createStatement()) {
            statement.execute("SET TRANSACTION " + mode);
        }
    }

    /**
     * Does to the other leg's session what was done to the answering one's, where there is another leg, and one that
     * understands it: a setting is a vendor's own.
     */
    public void onOtherToo(Side answered, OnLeg<?> statement) throws SQLException {
        Rung now = transaction.rung();
        if (now.dual() && transaction.manual()) {
            // In the other's transaction as in the first, so that a rollback undoes it in both.
            if (now.authority() == answered) {
                transaction.follow(now);
            } else {
                transaction.on(now.authority());
            }
        }
        Leg first = legs.existing(answered);
        Leg other = legs.existing(answered.other());
        if (!now.dual() || first == null || other == null || first.dialect.vendor() != other.dialect.vendor()) {
            return;
        }
        if (now.mirror() == answered) {
            statement.run(transaction.on(answered.other()));
        } else {
            transaction.follow(now);
            Attempt<?> attempt = follower.attempt(statement);
            if (attempt.failure != null || !attempt.begun) {
                // Where the leg is kept, it lacks this.
                other.outdated();
            }
            failedSides.abandonAfter(now, attempt);
        }
    }

    /**
     * Runs a statement where it answers, and on the other leg as well where that is of the same vendor: both in the application's
     * transaction, or in a short one.
     *
     * @throws SQLException the vendor's own; SQLSTATE 25000 or 40001 where the mirror must succeed and does not
     */
    public <T> T onBothInTransaction(Side answering, OnLeg<T> statement, OnLeg<?> beside) throws SQLException {
        return transaction.inTransaction(() -> {
            Rung now = transaction.rung();
            transaction.follow(now);
            follower.writes();
            Leg first = transaction.writing(now.authority());
            Leg second = follower.leg();
            boolean both = second != null && second.dialect.vendor() == first.dialect.vendor();
            if (answering != now.authority()) {
                if (both) {
                    transaction.answering(first, beside);
                }
                return transaction.answering(transaction.on(answering), statement);
            }
            T answer = transaction.answering(first, statement);
            if (both) {
                failedSides.abandonAfter(now, follower.attempt(beside));
            }
            return answer;
        });
    }

    /**
     * Runs a text on a leg that may set limits of the session's, where the leg's role has limits of its own (R5): those are let go and set
     * again around it, so that the application's are there when the role ends.
     *
     * @throws SQLException the vendor's own
     */
    public static <T> T unbounded(Leg leg, Settings settings, OnLeg<T> statement) throws SQLException {
        return leg.limits.unbounded(statement, settings);
    }

    /**
     * Changes the session of the leg that is read, then of the other.
     *
     * @param anyVendor whether every vendor understands the change; else a leg of another vendor is left out
     */
    private void changeSessions(Session.Change change, boolean anyVendor) throws SQLException {
        Rung now = transaction.rung();
        mirror.settle();
        Leg read = now.dual() ? legs.open(now.reads()) : transaction.on(now.reads());
        change.apply(read);
        Leg other = legs.existing(now.reads().other());
        if (other == null || !anyVendor && other.dialect.vendor() != read.dialect.vendor()) {
            return;
        }
        if (now.dual() && other.side == now.mirror()) {
            other.lane.submitAside(() -> {
                try {
                    change.apply(other);
                } catch (SQLException e) {
                    other.outdated();
                    throw e;
                }
            });
        } else {
            change.apply(other);
        }
    }

    /**
     * Changes what the vendor's driver keeps of a session by itself: of the leg that is read, of the other where that is of the same vendor,
     * and of those opened later.
     *
     * @param name the same for changes of which the last one counts
     */
    public void changeDrivers(String name, Session.Change change) throws SQLException {
        changeSessions(change, false);
        legs.session().remember(name, vendorRead(), false, change);
    }

    /** As {@link #changeDrivers}, of what a server keeps, which may undo it with the open transaction. */
    public void changeServers(String name, Session.Change change) throws SQLException {
        changeSessions(change, false);
        legs.session().remember(name, vendorRead(), transaction.manual(), change);
    }

    private Vendor vendorRead() throws SQLException {
        return legs.open(transaction.rung().reads()).dialect.vendor();
    }

    /** Sets the catalog, in the name that it has on each leg's side. */
    public void catalog(@Nullable String catalog) throws SQLException {
        Side meant = transaction.rung().reads();
        if (vendorRead() != Vendor.MARIADB) {
            // The others' drivers do nothing.
            changeSessions(leg -> leg.connection.setCatalog(catalog), false);
            return;
        }
        changeNamespace(
                "catalog", leg -> leg.connection.setCatalog(catalog == null ? null : leg.named(catalog, meant)));
    }

    /** Sets the schema, in the name that it has on each leg's side. */
    public void schema(@Nullable String schema) throws SQLException {
        Side meant = transaction.rung().reads();
        changeNamespace("schema", leg -> leg.connection.setSchema(schema == null ? null : leg.named(schema, meant)));
    }

    /**
     * Changes by call what unqualified names mean, on the leg that is read and on another of its vendor. Where a rollback undoes that, it
     * is part of the application's transaction on both, or a short one of its own: what a leg has open between two is not the
     * application's.
     *
     * @param name by which legs that are opened later are told
     */
    private void changeNamespace(String name, Session.Change change) throws SQLException {
        Rung now = transaction.rung();
        Vendor vendor = vendorRead();
        if (now.dual() && Session.isUndone(vendor)) {
            changeInTransaction(change);
        } else {
            namespaceChanges();
            changeSessions(change, false);
        }
        legs.session().remember(name, vendor, transaction.manual(), change);
    }

    private void changeInTransaction(Session.Change change) throws SQLException {
        Rung now = transaction.begin();
        try {
            Leg leg = transaction.on(now.reads());
            namespaceChanges();
            transaction.answering(leg, changed(change));
            onOtherToo(leg.side, changed(change));
        } finally {
            transaction.statementEnded();
        }
    }

    /**
     * The statement has run on a side, or on both, and may have set variables: each side would have set them to what it has itself, as by
     * UUID(), or to nothing where it has not run. The other leg is given the values of the side that answers, or of the one that has
     * generated the key which they were set to.
     *
     * @throws SQLException the vendor's own, of the side that answers; SQLSTATE 25000 or 40001 where the mirror must take the values and does not,
     *     0A000 where they were set to keys of which old has generated one and new another
     */
    public void variablesWereSet(Classification statement, Side answered) throws SQLException {
        List<String> variables = statement.variables();
        if (variables.isEmpty() || setsTheSameOnBoth(statement)) {
            return;
        }
        legs.session().rememberVariables(variables);
        if (!transaction.rung().dual()) {
            return;
        }
        Side source = transaction.formerKeys(false).sideFor(statement, answered);
        Leg from = transaction.on(source);
        Object[] values = from.side == source ? transaction.ask(from, leg -> Variables.read(leg, variables)) : null;
        if (values != null) {
            onOtherToo(source, to -> Variables.set(to, variables, values));
        }
    }

    /** A SET that both sides have run, to what is in its text or was given as a parameter. */
    private static boolean setsTheSameOnBoth(Classification statement) {
        return statement.verb() == Verb.SESSION
                && !statement.is(Trait.VOLATILE)
                && !statement.is(Trait.GENERATOR)
                && statement.functions().isEmpty()
                && statement.reads().isEmpty();
    }

    private static OnLeg<Leg> changed(Session.Change change) {
        return leg -> {
            change.apply(leg);
            return leg;
        };
    }

    /** The connection that is read has taken a network timeout, in milliseconds: so do the other leg, and those opened later. */
    public void networkTimeoutWasSet(Connection read, Executor executor, int millis) throws SQLException {
        for (Leg leg : legs.all()) {
            if (leg.connection != read) {
                leg.limits.setNetworkTimeout(executor, millis);
            }
        }
        legs.session().remember("networkTimeout", leg -> leg.connection.setNetworkTimeout(executor, millis));
    }

    /** Sets every leg read only, or not. */
    public void readOnly(boolean wanted) throws SQLException {
        boolean eachAlone = !transaction.manual();
        changeSessions(leg -> leg.readOnly(wanted, eachAlone), true);
        readOnly = wanted;
        readOnlyLater = transaction.isPinned();
        rememberReadOnly(eachAlone);
    }

    /** What read only means changes with autocommit: once the transaction has ended that a text has begun, for the vendors refuse it within. */
    void autoCommitChanged() throws SQLException {
        readOnlyInDoubt = readOnly && transaction.isBegunByText();
        if (readOnly && !readOnlyInDoubt) {
            staysReadOnly();
        }
    }

    private void staysReadOnly() throws SQLException {
        boolean eachAlone = !transaction.manual();
        changeSessions(leg -> leg.staysReadOnly(eachAlone), true);
        rememberReadOnly(eachAlone);
    }

    private void rememberReadOnly(boolean eachAlone) {
        boolean wanted = readOnly;
        legs.session().remember("readOnly", leg -> leg.readOnly(wanted, eachAlone));
    }

    /**
     * Whether nothing that the application's transaction calls can write, for it was set read only and the server of the side that is read
     * holds to that.
     *
     * @throws SQLException the vendor's own, where the server had to be asked
     */
    public boolean refusesWrites() throws SQLException {
        if (!readOnly || readOnlyLater || !transaction.manual() || transaction.isBegunByText()) {
            return false;
        }
        return transaction.answering(
                transaction.on(transaction.rung().reads()), leg -> leg.dialect.refusesWrites(leg.connection));
    }

    /** What the vendor's driver would say of the leg that is read. */
    public boolean isReadOnly() throws SQLException {
        return legs.open(transaction.rung().reads()).isReadOnly(readOnly);
    }

    /** The application is about to change what unqualified names mean on its connection. */
    public void namespaceChanges() throws SQLException {
        mirror.settle();
        for (Leg leg : legs.all()) {
            leg.namespaceChanges();
        }
        legs.session().namespaceChanged();
        namespaceInDoubt |= transaction.goesOn();
    }

    private void namespacesInDoubt() {
        for (Leg leg : legs.all()) {
            leg.forgetNamespace();
        }
    }

    /** Waits until nothing is under way on a leg, so that its session can be changed. */
    public void settle() {
        mirror.settle();
    }

    /** The transaction was rolled back to a savepoint, and perhaps a change with it. */
    void rolledBack() {
        if (namespaceInDoubt) {
            namespacesInDoubt();
        }
    }

    /** The transaction has ended, and perhaps a change with it. */
    void transactionEnded() {
        readOnlyLater = false;
        if (namespaceInDoubt) {
            namespaceInDoubt = false;
            namespacesInDoubt();
        }
        if (isolationInDoubt) {
            isolationInDoubt = false;
            forgetIsolation();
        }
        if (readOnlyInDoubt) {
            readOnlyInDoubt = false;
            try {
                staysReadOnly();
            } catch (SQLException e) {
                // Of a connection that is no more.
                Faults.LOG.debug("Read only was not set anew: {}", Faults.described(e));
            }
        }
    }
}
