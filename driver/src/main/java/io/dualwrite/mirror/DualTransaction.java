package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.LockCall;
import io.dualwrite.sql.PartialLock;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one application connection, one after another: pins the rung (R22), owns what the write does on both
 * legs, and orders the commits (R1 to R6).
 *
 * <p>On a rung with one leg nothing happens here but the pin. On a dual rung a write runs on old first, then on new; on
 * {@code DUAL_READ_NEW}, where new's rows are the truth, new runs the statement itself and old is brought to what new has.
 * In all dual rungs the mark goes in with the first commit and is cleared after the second, so that whatever ends in between
 * leaves it (R12).
 *
 * <p>Used by one thread at a time, as pools see to; only {@link Legs#abort} may come from another.
 */
public final class DualTransaction {
    /** Where the application's own waits are made on the mirror: longer than any of them. */
    private static final Duration AS_THE_APPLICATION = Duration.ofDays(365);

    private final Mirroring shared;
    private final Standing.Pin pin;
    public final Legs legs;
    private final Follower follower;
    private final Touched touched = new Touched();
    private final MirroredWrite mirroredWrite;
    private final Outliving outliving;
    private final Outliving.Server server = new Asking(null);

    private boolean autoCommit = true;
    private boolean explicit;
    /** Whether entries of a batch run in one short transaction. */
    private boolean batching;
    /**
     * What keeps the rung between transactions: batches with entries that have not run, for the vendor's statement holds them,
     * and rows that are read from a leg.
     */
    private int holds;
    /** Whether a transaction of the application's is open; else a pinned rung is that of a batch. */
    private boolean open;

    /** Whether the open transaction has changed what unqualified names mean, which its rollback may undo. */
    private boolean namespaceInDoubt;
    /** Whether a text of the open transaction may have set its isolation. */
    private boolean isolationInDoubt;

    /**
     * The rung that was pinned last, and whether it still is. It stays between transactions, for writing a reference into an
     * object that is old costs more than all else that a short statement does here.
     */
    private @Nullable Rung lastRung;

    private boolean isPinned;
    private @Nullable SQLException strictFailure;
    /** The leg that is read, where a read that failed has aborted its transaction: the vendor refuses what comes after (R14). */
    private @Nullable Leg abortedRead;

    private boolean authorityFailed;
    private @Nullable String markReason;
    private volatile @Nullable Runnable watcher;
    private volatile boolean aborted;

    /** The leg of a rung with one leg, as it was found by the settings and the rung beside it. */
    private @Nullable Leg alone;

    private @Nullable Rung aloneOn;
    private @Nullable Settings aloneBy;
    /** Whether all that ran in the open transaction went the short way, so that nothing but the pin has to end with it. */
    private boolean onlyAlone;

    /** The transactions of a connection whose name shows where it keeps an instance from being drained. */
    public DualTransaction(Mirroring shared, LegOpener opener, String connectionName) {
        this.shared = shared;
        this.pin = shared.standing.join(connectionName);
        this.legs = new Legs(shared, opener);
        this.outliving = new Outliving(pin);
        this.follower = new Follower(shared, legs, pin);
        this.mirroredWrite = new MirroredWrite(shared, this, follower, touched);
    }

    // ------------------------------------------------------------------ the pin

    private @Nullable Rung pinned() {
        return isPinned ? lastRung : null;
    }

    private void pinned(Rung rung) {
        lastRung = rung;
        isPinned = true;
    }

    /** The rung of the open transaction, or the one on which the next would run. */
    public Rung rung() {
        Rung pinned = pinned();
        return pinned == null ? shared.standing.rung() : pinned;
    }

    /**
     * Begins a transaction where none is open, and pins its rung.
     *
     * @throws SQLException SQLSTATE 25000 if the open transaction has failed on new while both must succeed
     */
    public Rung begin() throws SQLException {
        onlyAlone = false;
        Rung pinned = pinned();
        if (pinned == null) {
            pinned = follower.pin();
            pinned(pinned);
            if (pinned.dual()) {
                alone = null;
            } else {
                legs.keepOnly(pinned);
                shared.catalogue.clear();
            }
        } else if (pinned.strict()) {
            refuseIfFailed();
        }
        open = true;
        return pinned;
    }

    /**
     * Begins a statement that runs alone and as it is, as {@link #begin} does, on the leg that {@link #runsAlone} noted.
     *
     * @return null where something has changed since, and nothing has begun
     */
    public @Nullable Leg beginAlone() {
        Leg leg = alone;
        if (leg == null || shared.settings.get() != aloneBy) {
            return null;
        }
        if (!isPinned) {
            if (!shared.standing.pinOn(pin, aloneOn)) {
                return null;
            }
            if (lastRung != aloneOn) {
                lastRung = aloneOn;
            }
            isPinned = true;
            onlyAlone = true;
        } else if (lastRung != aloneOn) {
            return null;
        }
        open = true;
        return leg;
    }

    /** Whether {@link #beginAlone} would begin on the leg, as far as the rung says. */
    public boolean isAlone(Leg leg) {
        return leg == alone && rung() == aloneOn;
    }

    /**
     * The leg is all that the rung of the statement under way uses: what runs on it next may go the short way, unless something
     * of what came before is still under way or in doubt.
     */
    public void runsAlone(Leg leg) {
        if (isPlain()) {
            alone = leg;
            aloneOn = rung();
            aloneBy = shared.settings.get();
        }
    }

    /** Runs the watcher after each statement of the application's, however that has ended, and after {@link #abort}. */
    public void watch(Runnable watcher) {
        this.watcher = watcher;
    }

    /** A statement of the application's has ended: where each is its own transaction, so has that. */
    public void statementEnded() {
        Runnable watching = watcher;
        if (watching != null) {
            watching.run();
        }
        if (onlyAlone) {
            if (autoCommit) {
                onlyAlone = false;
                open = false;
                letGoOfRung();
            }
        } else if (autoCommit && !explicit && !batching && open) {
            if (isPlain()) {
                open = false;
                letGoOfRung();
            } else {
                ended();
            }
        }
    }

    /** Whether nothing of what ends with a transaction of both sides, or of several statements, can be there. */
    private boolean isPlain() {
        Rung pinned = pinned();
        return pinned != null && !pinned.dual() && touched.isEmpty() && follower.isIdle() && !outliving.isInDoubt();
    }

    private void letGoOfRung() {
        if (holds == 0) {
            isPinned = false;
            shared.standing.unpin(pin);
        }
    }

    private void refuseIfFailed() throws SQLException {
        Leg aborted = abortedRead;
        if (aborted != null) {
            try (Statement statement = aborted.connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        }
        if (authorityFailed) {
            // Its vendor refuses what comes now, in its own words.
            return;
        }
        SQLException failed = strictFailure;
        if (failed == null) {
            failed = follower.failure();
            strictFailure = failed;
        }
        if (failed != null) {
            throw Faults.failedEarlier(rung(), failed);
        }
    }

    private void ended() {
        touched.clear();
        legs.session().transactionEnded();
        outliving.transactionEnded();
        if (outliving.isInDoubt()) {
            askWhatIsLeft();
        }
        strictFailure = null;
        abortedRead = null;
        authorityFailed = false;
        markReason = null;
        explicit = false;
        batching = false;
        open = false;
        onlyAlone = false;
        if (namespaceInDoubt) {
            namespaceInDoubt = false;
            namespacesInDoubt();
        }
        if (isolationInDoubt) {
            isolationInDoubt = false;
            forgetIsolation();
        }
        boolean unpins = holds == 0;
        if (unpins) {
            isPinned = false;
        }
        follower.ended(unpins);
    }

    /** Asks the leg that commits first; one that is not given is opened only if it is asked. */
    private final class Asking implements Outliving.Server {
        private final @Nullable Leg first;

        Asking(@Nullable Leg first) {
            this.first = first;
        }

        private Leg first() throws SQLException {
            Leg given = first;
            return given == null ? on(rung().authority()) : given;
        }

        @Override
        public boolean hasTemporary(TableName table) throws SQLException {
            return first().hasTemporary(table);
        }

        @Override
        public @Nullable Boolean hasLocks() throws SQLException {
            return first().hasLocks();
        }

        /** Where both databases are on one server, old's session has what is locked; one that cannot be asked may have it. */
        @Override
        public boolean holdsLock(String name) throws SQLException {
            Rung now = rung();
            if (!now.dual() || now.authority() == Side.OLD || !sharesLocks()) {
                return first().holdsLock(name);
            }
            Leg holder = on(Side.OLD);
            return holder.side != Side.OLD || holder.holdsLock(name);
        }

        @Override
        public @Nullable String lockName(LockCall call, WriteRequest request) throws SQLException {
            return first().lockName(call, request);
        }
    }

    /** Notes what a statement that has run leaves behind on this connection, or takes away (R22). */
    public void ran(WriteRequest request) throws SQLException {
        outliving.ran(request, manual(), server);
    }

    /** Whether all that a statement writes are temporary tables of this connection. */
    public boolean writesTemporariesOnly(Classification statement) throws SQLException {
        return !outliving.hasNoTemporaries() && outliving.writesTemporariesOnly(statement, server);
    }

    /** What is left of a transaction is asked in one of its own; where that fails, before the next write. */
    private void askWhatIsLeft() {
        Leg leg = legs.existing(rung().authority());
        if (leg == null) {
            return;
        }
        try {
            outliving.ask(new Asking(leg));
            if (!leg.autoCommit()) {
                leg.connection.rollback();
            }
        } catch (SQLException e) {
            Faults.LOG.debug("What outlives a transaction is not known yet: {}", Faults.described(e));
        }
    }

    /** Whether a transaction of the application's is open, so that the rung cannot change under it. */
    public boolean isPinned() {
        return isPinned;
    }

    /** A batch has its first entry: the rung stays pinned until it is executed or cleared, whatever ends in between. */
    public Rung beginBatch() throws SQLException {
        boolean opens = !open;
        Rung pinned = begin();
        holds++;
        open = !opens || manual();
        return pinned;
    }

    /** The entries of a batch run from now on in one transaction, also where each statement is its own. */
    public void runBatch() throws SQLException {
        begin();
        batching = true;
    }

    /** The batch is over, and with it what it pinned. */
    public void endBatch() {
        batching = false;
        letGo();
        statementEnded();
    }

    /** Rows are read from a leg from now on, which keep the rung until {@link #rowsClosed}, whatever ends in between (R22). */
    public void rowsOpened() {
        holds++;
        pin.reads(true);
    }

    /** Rows that were being read are no longer. */
    public void rowsClosed() {
        letGo();
    }

    private void letGo() {
        holds--;
        if (holds == 0) {
            pin.reads(false);
            if (!open && isPlain()) {
                letGoOfRung();
            } else if (!open && isPinned) {
                ended();
            }
        }
    }

    /** Ends the short transaction of a batch's entries where autocommit is on. */
    public void commitBatch() throws SQLException {
        if (!manual()) {
            Leg leg = legs.existing(rung().authority());
            if (rung().dual() || leg != null && !leg.autoCommit()) {
                commit();
            }
        }
    }

    /** Undoes the short transaction of a batch's entries where autocommit is on. */
    public void rollbackBatch(Throwable cause) {
        if (!manual()) {
            Leg leg = legs.existing(rung().authority());
            if (rung().dual() || leg != null && !leg.autoCommit()) {
                rollbackAfter(cause);
            }
        }
    }

    // ------------------------------------------------------------------ autocommit

    public boolean autoCommit() {
        return autoCommit;
    }

    /** Whether a transaction goes on after the statement: autocommit is off, or the application said BEGIN. */
    public boolean manual() {
        return !autoCommit || explicit;
    }

    /** As JDBC has it: a change in the middle of a transaction commits it. */
    public void autoCommit(boolean wanted) throws SQLException {
        if (wanted == autoCommit) {
            return;
        }
        alone = null;
        Rung pinned = pinned();
        if (pinned != null && pinned.dual()) {
            commit();
        }
        if (!rung().dual()) {
            if (!touched.isEmpty()) {
                commit();
            }
            prepared(rung(), rung().reads(), wanted);
        }
        autoCommit = wanted;
        if (wanted && isPinned) {
            ended();
        }
    }

    /** The application set autocommit by text on a rung with one leg, and its server knows it. */
    public void autoCommitWasSet(Leg leg, boolean wanted) {
        leg.autoCommitWasSet(wanted);
        autoCommit = wanted;
        alone = null;
    }

    /** The application said BEGIN by text on a dual rung, or its server was told so on another. */
    public void beginExplicitly() {
        explicit = true;
    }

    /** Whether the transaction goes on after a statement that failed: the application's own, or that of a batch. */
    boolean goesOn() {
        return manual() || batching;
    }

    // ------------------------------------------------------------------ legs for statements

    /** The leg on which statements run as they are, in the application's own transaction mode. */
    public Leg on(Side side) throws SQLException {
        Rung now = rung();
        if (!now.dual()) {
            return prepared(now, side, autoCommit);
        }
        if (side == now.authority()) {
            return prepared(now, side, !manual());
        }
        if (now.strict() && !manual() && !follower.isFollowing()) {
            follower.settle();
            return prepared(now, side, true);
        }
        follow(now);
        join(now);
        Leg leg = follower.leg();
        return leg == null ? on(now.authority()) : leg;
    }

    /** The leg in its role on the rung, in the transaction mode asked for. */
    Leg prepared(Rung now, Side side, boolean vendorAutoCommit) throws SQLException {
        Leg leg = legs.open(side);
        Leg.Role role = Legs.role(now, side);
        if (!leg.plays(role)) {
            leg.play(role, shared.settings.get());
        }
        leg.autoCommit(vendorAutoCommit);
        return leg;
    }

    /** Waits for the mirror before its rows are read; where it must succeed and did not, the transaction has failed. */
    private void join(Rung now) throws SQLException {
        SQLException trouble = follower.join(now.strict());
        if (trouble != null && now.strict()) {
            strictFailure = trouble;
            throw Faults.failedEarlier(now, trouble);
        }
    }

    /** Runs what a locking statement does on old, before it runs on new (R1, R9). */
    public void onOldFirst(OnLeg<?> statement) throws SQLException {
        Rung now = rung();
        follow(now);
        if (now.authority() == Side.OLD) {
            statement.run(prepared(now, Side.OLD, false));
        } else {
            tryOnMirror(now, statement);
        }
    }

    /**
     * Locks on old what a query finds there, then exactly those rows on new, which answers (R9).
     *
     * @return null where old cannot say which rows, so that new alone is asked
     * @throws SQLException the failure on old, where another session holds the rows and the query does not wait
     */
    public @Nullable WriteOutcome lockExactly(WriteRequest request, PartialLock lock) throws SQLException {
        Rung now = rung();
        follow(now);
        boolean well = follower.failure() == null;
        Follower.Attempt<ExactLock.Locked> attempt = follower.attempt(leg -> {
            TableShape table = shared.catalogue.shape(leg, lock.table());
            return ExactLock.some(leg, table, lock, request);
        });
        ExactLock.Locked locked = attempt.answer;
        if (locked == null || locked.table.key.isEmpty() || locked.keys.size() > ExactLock.MOST) {
            SQLException failure = attempt.failure;
            Dialect mirror = follower.dialect();
            boolean held = well && lock.nowait() && failure != null && mirror != null && mirror.isRetryable(failure);
            if (held && now.strict()) {
                strictFailure = failure;
                throw failure;
            }
            abandonAfter(now, attempt);
            if (held) {
                throw failure;
            }
            return null;
        }
        Leg authority = prepared(now, now.authority(), !manual());
        try {
            return ExactLock.those(authority, shared.catalogue.shape(authority, lock.table()), locked, lock, request);
        } catch (SQLException e) {
            failed(authority, e);
            throw e;
        }
    }

    /**
     * Whether reads are shown to old before new answers them (R27): where instances read old and new side by side, old alone sees
     * them all, and can keep SERIALIZABLE transactions from writing past each other.
     */
    public boolean readsBoth() throws SQLException {
        return rung() == Rung.STRICT_READ_NEW
                && manual()
                && prepared(rung(), Side.OLD, false).isSerializable();
    }

    /** A text has perhaps set the isolation of the session, or of this transaction. */
    public void isolationMayChange() {
        isolationInDoubt = true;
        forgetIsolation();
    }

    private void forgetIsolation() {
        for (Leg leg : legs.open()) {
            leg.forgetIsolation();
        }
    }

    /**
     * Gives the transaction that has begun a mode that the application's BEGIN named: on the leg that commits first, and where
     * it changes what is read, on the one that is read.
     *
     * @param mode as SET TRANSACTION takes it
     */
    public void mode(String mode, boolean ofReads) throws SQLException {
        Rung now = rung();
        isolationMayChange();
        setTransaction(on(now.authority()), mode);
        if (ofReads && now.reads() != now.authority()) {
            setTransaction(on(now.reads()), mode);
        }
    }

    private static void setTransaction(Leg leg, String mode) throws SQLException {
        try (Statement statement = leg.connection.createStatement()) {
            statement.execute("SET TRANSACTION " + mode);
        }
    }

    /** Whether a named lock on old is one on new as well, for both databases lie on one server. */
    public boolean sharesLocks() throws SQLException {
        Leg one = on(Side.OLD);
        Leg other = on(Side.NEW);
        return one.side != other.side && shared.namespaces.shareLocks(one, other);
    }

    /**
     * Runs on old, then on new, which answers; a short transaction of its own where autocommit is on, so that none stays open
     * on old. A leg of another vendor than new's is left out where that is not asked for.
     */
    public <T> T onBoth(OnLeg<?> onOld, boolean anyVendor, OnLeg<T> onNew) throws SQLException {
        return inTransaction(() -> {
            Rung now = rung();
            follow(now);
            Leg old = now.authority() == Side.OLD ? legs.open(Side.OLD) : follower.leg();
            if (anyVendor
                    || old != null
                            && old.dialect.vendor()
                                    == legs.open(Side.NEW).dialect.vendor()) {
                onOldFirst(onOld);
            }
            return onNew.run(on(Side.NEW));
        });
    }

    /**
     * Does to the other leg's session what was done to the answering one's, where there is another leg, and one that
     * understands it: a setting is a vendor's own.
     */
    public void onOtherToo(Side answered, OnLeg<?> statement) throws SQLException {
        Rung now = rung();
        if (now.dual() && manual() && now.authority() == answered) {
            // In the mirror's transaction as in the first, so that a rollback undoes it in both.
            follow(now);
        }
        Leg first = legs.existing(answered);
        Leg other = legs.existing(answered.other());
        if (!now.dual() || first == null || other == null || first.dialect.vendor() != other.dialect.vendor()) {
            return;
        }
        if (now.mirror() == answered) {
            statement.run(on(answered.other()));
        } else {
            follow(now);
            tryOnMirror(now, statement);
        }
    }

    /** Where the mirror must succeed and does not, the transaction has failed; elsewhere the mirror is abandoned. */
    private void tryOnMirror(Rung now, OnLeg<?> statement) throws SQLException {
        abandonAfter(now, follower.attempt(statement));
    }

    /**
     * What an attempt on the mirror comes to where the authority has succeeded.
     *
     * @throws SQLException SQLSTATE 25000 where the attempt failed and the mirror must succeed
     */
    void abandonAfter(Rung now, Follower.Attempt<?> attempt) throws SQLException {
        SQLException failure = attempt.failure;
        if (failure != null && now.strict()) {
            strictFailure = failure;
            throw Faults.failedEarlier(now, failure);
        }
        follower.abandonAfter(attempt);
    }

    /** The statement failed on the leg that answers: what its transaction is worth now (R14). */
    public void failed(Leg leg, SQLException failure) {
        Rung now = pinned();
        if (now == null || !now.dual()) {
            return;
        }
        Aftermath aftermath = leg.dialect.aftermath(failure);
        if (aftermath == Aftermath.TRANSACTION_ABORTED && goesOn() && !leg.isAborted()) {
            return;
        }
        if (leg.side != now.authority()) {
            if (now.strict() && manual() && aftermath == Aftermath.TRANSACTION_ABORTED) {
                abortedRead = leg;
            }
            return;
        }
        if (aftermath == Aftermath.STATEMENT_UNDONE) {
            return;
        }
        if (aftermath == Aftermath.TRANSACTION_GONE) {
            follower.rollback();
            touched.clear();
            undoRest(leg);
        } else {
            authorityFailed = true;
        }
    }

    /**
     * H2 keeps what the victim of a deadlock had written where its last statement was a query, as every captured write is: it must
     * not be committed later, when the mirror's part and the mark are gone.
     */
    private void undoRest(Leg leg) {
        try {
            leg.connection.rollback();
        } catch (SQLException e) {
            authorityFailed = true;
            Faults.LOG.debug("Rolling back on {} failed: {}", leg.side.word(), Faults.described(e));
        }
    }

    // ------------------------------------------------------------------ writes

    /** Any of these tables may differ from now on; empty means any table. The mark goes in with the commit. */
    public void mark(List<TableName> tables, String reason) {
        touched.tables(tables);
        markReason = reason;
        shared.diverged(
                rung().mirror(), reason, "Marked " + (tables.isEmpty() ? "all tables" : tables) + " whole: " + reason);
    }

    /**
     * A write touched rows that are not known: any row of these tables may differ.
     *
     * @throws SQLException SQLSTATE 40001 where both sides must agree; both are rolled back
     */
    void unseenRows(List<TableName> tables, String reason) throws SQLException {
        if (!rung().strict()) {
            mark(tables, reason);
            return;
        }
        SQLException raised = new SQLTransactionRollbackException(
                reason + " while both databases must succeed (" + rung() + "); both were rolled back",
                SqlState.TRY_AGAIN.code());
        rollbackAfter(raised);
        throw raised;
    }

    /** Runs a statement that is marked, as the application wrote it, in a transaction that holds the mark. */
    public <T> T marked(Side side, List<TableName> tables, String reason, OnLeg<T> statement) throws SQLException {
        return inTransaction(() -> {
            Leg leg = prepared(rung(), side, false);
            T answer = statement.run(leg);
            mark(tables, reason);
            return answer;
        });
    }

    /** Runs a write of Data A on both sides, in a short transaction of its own where autocommit is on (R2). */
    public WriteOutcome write(WriteRequest request) throws SQLException {
        return inTransaction(() -> mirroredWrite.run(request));
    }

    /** Changes the schema on both sides; what was open is committed before, as most vendors do by themselves. */
    public <T> T define(List<TableName> tables, String what, OnLeg<T> statement) throws SQLException {
        if (manual()) {
            boolean goesOn = explicit;
            commit();
            begin();
            explicit = goesOn;
        }
        follower.settle();
        return new Definition(shared, legs, rung(), tables, what).run(statement);
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        if (manual() || batching) {
            return work.run();
        }
        T answer;
        try {
            answer = work.run();
        } catch (SQLException | RuntimeException | Error e) {
            rollbackAfter(e);
            throw e;
        }
        commit();
        return answer;
    }

    private void rollbackAfter(Throwable cause) {
        try {
            rollback();
        } catch (SQLException e) {
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
    }

    /** The mirror takes part from now on, before locks on old are taken (R5). */
    void follow(Rung now) throws SQLException {
        Settings settings = shared.settings.get();
        Duration budget = !now.strict()
                ? settings.mirrorBudget
                : now.newWins() ? AS_THE_APPLICATION : settings.mirrorBudget.plus(settings.mirrorStatement);
        follower.follow(now, budget.toNanos());
    }

    // ------------------------------------------------------------------ the end

    /** Commits: on a dual rung the authority first, with the mark in it (R6, R12). */
    public void commit() throws SQLException {
        Rung now = rung();
        if (now.dual() && isPinned) {
            try {
                commitBoth(now);
            } finally {
                ended();
            }
            return;
        }
        Leg leg = idle(now);
        if (leg == null) {
            return;
        }
        try {
            writeMarks(leg);
            leg.connection.commit();
        } finally {
            ended();
        }
    }

    /**
     * The leg on which a commit or rollback is the vendor's own affair: on a rung with one leg, or where autocommit is on and
     * the vendor may complain. Null where both were written and nothing is open.
     */
    private @Nullable Leg idle(Rung now) throws SQLException {
        if (!now.dual()) {
            return prepared(now, now.reads(), autoCommit);
        }
        if (!autoCommit) {
            return null;
        }
        follower.settle();
        return prepared(now, now.reads(), true);
    }

    /** Writes what is to be marked without a mirror: Data B in phase 2. */
    private void writeMarks(Leg leg) throws SQLException {
        if (!touched.isEmpty()) {
            shared.marks.write(leg, shared.marks.newId(), touched, reason());
        }
    }

    /** The application says COMMIT or ROLLBACK by text on a rung with one leg: the marks go in before it. */
    public <T> T endByText(boolean commits, OnLeg<T> statement) throws SQLException {
        Leg leg = on(rung().reads());
        try {
            if (commits) {
                writeMarks(leg);
            } else {
                legs.session().transactionRolledBack();
                outliving.rolledBack();
            }
            return statement.run(leg);
        } finally {
            ended();
        }
    }

    private String reason() {
        String said = markReason;
        return said == null ? "in flight" : said;
    }

    private void commitBoth(Rung now) throws SQLException {
        Folding.Commit folded = null;
        Leg first = legs.existing(now.authority());
        if (first == null || first.autoCommit()) {
            return;
        }
        if (authorityFailed) {
            follower.rollback();
            first.connection.commit();
            return;
        }
        Leg aborted = abortedRead;
        if (aborted != null) {
            first.connection.rollback();
            follower.settle();
            aborted.connection.commit();
            return;
        }
        if (touched.isEmpty() && strictFailure == null) {
            if (now.strict() && follower.wrote()) {
                refuseFailedMirror(now, first);
            }
            first.connection.commit();
            follower.commitReads();
            return;
        }
        try {
            if (now.strict()) {
                refuseFailedCommit(now);
            }
            if (follower.wrote()) {
                follower.identify();
                if (now.strict()) {
                    follower.checkDeferred();
                }
            }
            if (follower.isAway() && shared.folding.folds(now.mirror(), touched.size())) {
                touched.fold();
                folded = shared.folding.new Commit(now.authority(), touched.tables());
            }
            if (!first.commitsAtOnce()) {
                shared.marks.write(first, follower.mark(), touched, reason());
            }
            SQLException trouble = follower.join(now.strict());
            if (now.strict() && (trouble != null || !follower.isFollowing())) {
                throw Faults.rolledBack(
                        now, Faults.capital(now.mirror()) + " refused " + touched, trouble, follower.dialect());
            }
        } catch (SQLException | RuntimeException e) {
            rollbackBoth(first, e);
            throw e;
        }
        commitFirst(first);
        if (folded != null) {
            folded.ended(follower.mark());
        }
        follower.commit(now, markReason != null);
    }

    /** The first commit, with the mark in front of it where it has not gone ahead while the mirror was at work. */
    private void commitFirst(Leg first) throws SQLException {
        try {
            if (first.commitsAtOnce()) {
                shared.marks.writeAndCommit(first, follower.mark(), touched, reason());
            } else {
                first.connection.commit();
            }
        } catch (SQLException | RuntimeException e) {
            rollbackBoth(first, e);
            throw e;
        }
    }

    /** What the mirror was to find, or not to find, in a transaction that has written nothing. */
    private void refuseFailedMirror(Rung now, Leg first) throws SQLException {
        SQLException trouble = follower.join(true);
        if (trouble != null) {
            SQLException raised = Faults.rolledBack(now, "The mirror disagrees", trouble, follower.dialect());
            rollbackBoth(first, raised);
            throw raised;
        }
    }

    private void refuseFailedCommit(Rung now) throws SQLException {
        SQLException failed = strictFailure;
        if (failed != null) {
            throw Faults.rolledBack(
                    now, "The transaction had failed on " + now.mirror().word(), failed, follower.dialect());
        }
    }

    private void rollbackBoth(Leg first, Exception because) {
        follower.rollback();
        try {
            first.connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Rolls back on both legs. */
    public void rollback() throws SQLException {
        Rung now = rung();
        legs.session().transactionRolledBack();
        outliving.rolledBack();
        try {
            if (now.dual() && isPinned) {
                follower.rollback();
                Leg first = legs.existing(now.authority());
                if (first != null && !first.autoCommit()) {
                    first.connection.rollback();
                }
            } else {
                Leg leg = idle(now);
                if (leg != null) {
                    leg.connection.rollback();
                }
            }
        } finally {
            ended();
        }
    }

    // ------------------------------------------------------------------ savepoints

    /** A savepoint on both legs; the name is null for an unnamed one. */
    public DualSavepoint savepoint(@Nullable String name) throws SQLException {
        Rung now = begin();
        Leg leg = prepared(now, now.authority(), now.dual() ? !manual() : autoCommit);
        java.sql.Savepoint own = name == null ? leg.connection.setSavepoint() : leg.connection.setSavepoint(name);
        DualSavepoint savepoint = new DualSavepoint(own, leg);
        if (now.dual()) {
            follower.savepoint(savepoint);
        }
        return savepoint;
    }

    /** Rolls both legs back to the savepoint; a failure on new that came after it is forgiven. */
    public void rollback(DualSavepoint savepoint) throws SQLException {
        Leg leg = savepoint.leg;
        leg.connection.rollback(savepoint.own);
        if (namespaceInDoubt) {
            namespacesInDoubt();
        }
        authorityFailed = false;
        outliving.rolledBack();
        if (rung().dual()) {
            strictFailure = null;
            abortedRead = null;
            follower.rollback(savepoint);
        }
    }

    /** Releases the savepoint on both legs. */
    public void release(DualSavepoint savepoint) throws SQLException {
        savepoint.leg.connection.releaseSavepoint(savepoint.own);
        if (rung().dual()) {
            follower.release(savepoint);
        }
    }

    // ------------------------------------------------------------------ closing

    /**
     * Changes the session of the leg that is read, then of the other.
     *
     * @param anyVendor whether every vendor understands the change; else a leg of another vendor is left out
     */
    public void changeSessions(Session.Change change, boolean anyVendor) throws SQLException {
        Rung now = rung();
        follower.settle();
        Leg read = legs.open(now.reads());
        change.apply(read);
        Leg other = legs.existing(now.reads().other());
        if (other == null || !anyVendor && other.dialect.vendor() != read.dialect.vendor()) {
            return;
        }
        if (now.dual() && other.side == now.mirror()) {
            follower.changeSession(other, change);
        } else {
            change.apply(other);
        }
    }

    /** The application is about to change what unqualified names mean on its connection. */
    public void namespaceChanges() throws SQLException {
        follower.settle();
        for (Leg leg : legs.open()) {
            leg.namespaceChanges();
        }
        legs.session().namespaceChanged();
        namespaceInDoubt |= manual();
    }

    private void namespacesInDoubt() {
        for (Leg leg : legs.open()) {
            leg.forgetNamespace();
        }
    }

    /** Waits until nothing is under way on a leg, so that its session can be changed. */
    public void settle() {
        follower.settle();
    }

    /** Closes both legs; what is open is rolled back. */
    public void close() throws SQLException {
        try {
            Rung pinned = pinned();
            if (pinned != null && pinned.dual()) {
                rollback();
            }
            follower.settle();
        } catch (SQLException e) {
            // The servers roll back what a connection had open that ends.
            Faults.LOG.debug("Rolling back a connection that is closed failed: {}", Faults.described(e));
        } finally {
            try {
                legs.close();
            } finally {
                shared.standing.leave(pin);
            }
        }
    }

    /** Cancels the write under way on either leg; from any thread. */
    public void cancelWrite() throws SQLException {
        for (Leg leg : legs.open()) {
            leg.cancelWrite();
        }
    }

    /** Gives both legs up at once; from any thread. */
    public void abort() {
        aborted = true;
        shared.standing.leave(pin);
        legs.abort();
        Runnable watching = watcher;
        if (watching != null) {
            watching.run();
        }
    }

    /** Whether {@link #abort} has given the legs up, so that nothing can begin any more. */
    public boolean isAborted() {
        return aborted;
    }
}
