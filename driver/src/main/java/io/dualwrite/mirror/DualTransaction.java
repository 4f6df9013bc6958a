package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect.BatchEntries;
import io.dualwrite.dialect.Dialect.BatchManner;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.sql.Classification;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one application connection, one after another: begins and ends them, and pins the rung for as long
 * (R22), with a short one for each statement where autocommit is on (R2).
 *
 * <p>What runs in one has its own class: {@link MirroredWrite} for a write, {@link Unmirrored} for one that is marked instead,
 * {@link OldThenNew} for locks, {@link SessionChanges} for the session. {@link Follower} is the mirror's part in it,
 * {@link FailedSides} knows what failures have left of it, {@link TwoCommits} ends it on both legs, and {@link OneCommit} on a rung with one.
 *
 * <p>On a rung with one leg nothing happens here but the pin. On a dual rung a write runs on old first, then on new; on
 * {@code DUAL_READ_NEW}, where new's rows are the truth, new runs the statement itself and old is brought to what new has.
 * In all dual rungs the mark goes in with the first commit and is cleared after the second, so that whatever ends in between
 * leaves it (R12).
 *
 * <p>Used by one thread at a time: where several share a connection, each takes its {@link #turn} first. Only {@link #abort} and
 * statements that run alone ({@link #beginAlone}) may come in between: these use one leg, and their order is its driver's affair.
 */
public final class DualTransaction {
    /** For waits on the mirror that are the application's own: longer than any of them. */
    private static final Duration AS_THE_APPLICATION = Duration.ofDays(365);

    private final Mirroring shared;
    private final PinnedRung pinned;
    private final ShortWay shortWay;
    public final Turn turn = new Turn();
    public final Legs legs;
    public final OldThenNew oldThenNew;
    public final SessionChanges sessions;
    public final Savepoints savepoints;
    public final Outliving outliving;
    private final MirrorLeg mirror;
    private final Follower follower;
    private final Touched touched = new Touched();
    private final FailedSides failedSides;
    private final MirroredWrite mirroredWrite;
    private final MarksAhead marksAhead;
    private final TwoCommits twoCommits;
    private final OneCommit oneCommit;
    private @Nullable Unmirrored unmirrored;
    private LastKeys lastKeys = LastKeys.NONE;

    private boolean autoCommit = true;
    private boolean explicit;
    /** Whether entries of a batch run in one short transaction. */
    private boolean batching;
    /** Whether a transaction of the application's is open; else a pinned rung is that of what holds it. */
    private boolean open;

    private volatile @Nullable Runnable watcher;
    private volatile boolean aborted;

    /** Whether all that ran in the open transaction went the short way, so that nothing but the pin has to end with it. */
    private boolean onlyAlone;

    /** The transactions of a connection whose name shows where it keeps an instance from being drained. */
    public DualTransaction(Mirroring shared, LegOpener opener, String connectionName) {
        this.shared = shared;
        Standing.Pin pin = shared.standing.join(connectionName);
        this.legs = new Legs(shared, opener, this::rung);
        this.outliving = new Outliving(this, pin);
        this.mirror = new MirrorLeg(shared, legs);
        Settling settling = new Settling(shared.standing, pin, mirror);
        this.pinned = new PinnedRung(shared.standing, pin, settling);
        this.shortWay = new ShortWay(shared, pinned);
        this.follower = new Follower(shared, legs, mirror, settling);
        this.failedSides = new FailedSides(this, follower, touched);
        this.mirroredWrite = new MirroredWrite(shared, this, follower, failedSides, touched);
        this.oldThenNew = new OldThenNew(shared, this, follower, failedSides);
        this.sessions = new SessionChanges(this, follower, failedSides);
        this.savepoints = new Savepoints(this, follower, failedSides);
        this.marksAhead = new MarksAhead(shared.marks, touched);
        this.twoCommits = new TwoCommits(shared, legs, follower, touched, failedSides);
        this.oneCommit = new OneCommit(shared.marks, legs.session(), outliving, touched);
    }

    // ------------------------------------------------------------------ the pin

    /** The rung of the open transaction, or the one on which the next would run. */
    public Rung rung() {
        return pinned.now();
    }

    /**
     * Begins a transaction where none is open, and pins its rung.
     *
     * @throws SQLException SQLSTATE 25000 or 40001 if the open transaction has failed on new while both must succeed
     */
    public Rung begin() throws SQLException {
        Rung open = pinned.orNull();
        if (open != null && open.strict()) {
            failedSides.refuseIfFailed(open);
        }
        return beginToEnd();
    }

    /** As {@link #begin}, for what ends the transaction, or goes back in it: one that has failed takes that. */
    public Rung beginToEnd() throws SQLException {
        onlyAlone = false;
        Rung rung = pinned.orNull();
        if (rung == null) {
            rung = pinned.pin();
            if (rung.dual()) {
                shortWay.forget();
            } else {
                if (legs.keepOnly(rung)) {
                    shortWay.forget();
                }
                shared.catalogue.clear();
                lastKeys = LastKeys.allOf(rung.authority());
            }
        }
        open = true;
        return rung;
    }

    /** The leg that {@link #runsAlone} noted, if {@link #beginAlone} may begin on it. */
    public @Nullable Leg alone() {
        return shortWay.leg();
    }

    /**
     * Begins a statement that runs alone and as it is, as {@link #begin} does, on the leg that {@link #runsAlone} noted.
     *
     * @return null where something has changed since, and nothing has begun
     */
    public @Nullable Leg beginAlone() {
        boolean begins = !pinned.isPinned();
        Leg leg = shortWay.pin();
        if (leg == null) {
            return null;
        }
        if (begins) {
            onlyAlone = true;
        }
        open = true;
        return leg;
    }

    /** Whether {@link #beginAlone} would begin on the leg, as far as the rung says. */
    public boolean isAlone(Leg leg) {
        return shortWay.leadsTo(leg);
    }

    /**
     * The leg is all that the rung of the statement under way uses: what runs on it next may go the short way, unless something
     * of what came before is still under way or in doubt, or the phase is 2, in which writes of Data B are marked.
     */
    public void runsAlone(Leg leg) {
        Settings settings = shared.settings.get();
        if (isPlain() && settings.phase != Phase.TWO) {
            shortWay.found(leg, settings);
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
                pinned.ended();
            }
        } else if (autoCommit && open) {
            turn.step(this::shortOneEnded);
        }
    }

    /** In turn, for the statement may have begun on one leg, and another thread's is under way on both by now. */
    private void shortOneEnded() {
        if (!explicit && !batching && open) {
            if (isPlain()) {
                open = false;
                pinned.ended();
            } else {
                ended();
            }
        }
    }

    /** Whether nothing of what ends with a transaction of both sides, or of several statements, can be there. */
    private boolean isPlain() {
        Rung rung = pinned.orNull();
        return rung != null && !rung.dual() && touched.isEmpty() && follower.isIdle() && !outliving.isInDoubt();
    }

    private void ended() {
        touched.ended();
        marksAhead.keep();
        legs.session().transactionEnded();
        outliving.transactionEnded();
        savepoints.transactionEnded();
        failedSides.forgive();
        explicit = false;
        batching = false;
        open = false;
        onlyAlone = false;
        sessions.transactionEnded();
        try {
            follower.ended();
        } finally {
            pinned.endedBehind();
        }
    }

    /** The application was given the vendor's connection of the side: what it does there is no less open where it drops ours. */
    public void handedOut(Side side) {
        legs.handedOut(side);
        pinned.keep();
    }

    /** Whether a transaction of the application's is open, so that the rung cannot change under it. */
    public boolean isPinned() {
        return pinned.isPinned();
    }

    /** Whether the rung is pinned and both sides are written on it. */
    private boolean isOpenOnBoth() {
        Rung rung = pinned.orNull();
        return rung != null && rung.dual();
    }

    /** Whether there is something to commit on both: entries of a batch and open rows keep the rung too, where autocommit is on. */
    private boolean isBegunOnBoth() {
        return isOpenOnBoth() && (open || manual());
    }

    /**
     * A statement has what it can run with on this rung alone, as a batch's first entry or a stream: the rung stays pinned until it has run
     * or that is cleared, whatever ends in between; then {@link #endBatch} or {@link #letGo}.
     */
    public Rung hold() throws SQLException {
        boolean opens = !open;
        Rung rung = begin();
        pinned.hold();
        open = !opens || manual();
        return rung;
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

    /** Rows are read from a leg from now on, which keep the rung until {@link #letGo}, whatever ends in between (R22). */
    public void rowsOpened() {
        pinned.holdForRows();
    }

    /** What {@link #hold} or {@link #rowsOpened} has kept is needed no longer. */
    public void letGo() {
        if (pinned.letGo() && !open) {
            if (isPlain()) {
                pinned.ended();
            } else if (pinned.isPinned()) {
                ended();
            }
        }
    }

    /** Ends the short transaction of a batch's entries where autocommit is on. */
    public void commitBatch() throws SQLException {
        if (isShort()) {
            commit();
        }
    }

    /** Undoes the short transaction of a batch's entries where autocommit is on. */
    public void rollbackBatch(Throwable cause) {
        if (isShort()) {
            rollbackAfter(cause);
        }
    }

    private boolean isShort() {
        if (manual()) {
            return false;
        }
        Leg leg = legs.existing(rung().authority());
        return rung().dual() || leg != null && !leg.autoCommit();
    }

    // ------------------------------------------------------------------ autocommit

    boolean autoCommit() {
        return autoCommit;
    }

    /** What the application has set, as the vendor's driver says it where there is one leg: H2's BEGIN turns it off until the end. */
    public boolean saysAutoCommit() throws SQLException {
        Leg leg = inStep();
        if (leg != null) {
            return leg.connection.getAutoCommit();
        }
        boolean turnedOff = explicit && legs.open(rung().reads()).dialect.vendor() == Vendor.H2;
        return autoCommit && !turnedOff;
    }

    /** The one leg of the rung, where its vendor was told what the application has set; else null. */
    private @Nullable Leg inStep() {
        Rung now = rung();
        Leg leg = now.dual() ? null : legs.existing(now.reads());
        return leg != null && leg.autoCommit() == autoCommit ? leg : null;
    }

    /** Whether a transaction goes on after the statement: autocommit is off, or the application said BEGIN. */
    public boolean manual() {
        return !autoCommit || explicit;
    }

    /**
     * A text of several statements has ended the transaction on a rung with one leg, and begun no other: with autocommit nothing is open any
     * more; without, what came behind the end may be.
     */
    public void endsWithAutoCommit() {
        if (autoCommit) {
            ended();
        }
    }

    /** A text of several statements is about to end the transaction on a rung with one leg, perhaps: its marks go in before. */
    public void marksGoIn(Leg leg) throws SQLException {
        oneCommit.writeMarks(leg);
    }

    /** Whether a text has begun the transaction: BEGIN, START TRANSACTION. */
    boolean isBegunByText() {
        return explicit;
    }

    /**
     * Those of the functions of which the catalogue of the side that is read says that they read only.
     *
     * @param functions lower case, with their schema where the statement gives one
     * @throws SQLException the vendor's own
     */
    public Set<String> readingOnly(List<String> functions) throws SQLException {
        Set<String> reading = new HashSet<>();
        Leg leg = on(rung().reads());
        for (String function : functions) {
            if (answering(leg, asked -> shared.catalogue.readsOnly(asked, function))) {
                reading.add(function);
            }
        }
        return reading;
    }

    /**
     * Those of the built-in functions' names that are names of the user's own functions as well, where both sides are written.
     *
     * @param builtIns lower case; called without a schema
     * @throws SQLException the vendor's own
     */
    public Set<String> usersAmong(List<String> builtIns) throws SQLException {
        return builtIns.isEmpty() || !rung().dual()
                ? Collections.<String>emptySet()
                : Namesakes.among(builtIns, this, shared.catalogue);
    }

    /** The application is given the connection as the vendor's driver gives it: some URLs turn autocommit off. */
    public void startsOn(Leg first) {
        autoCommit = first.autoCommit();
    }

    /** As JDBC has it: a change in the middle of a transaction commits it. */
    public void autoCommit(boolean wanted) throws SQLException {
        if (wanted == autoCommit) {
            Leg leg = inStep();
            if (leg != null) {
                autoCommitAgain(leg);
            } else if (wanted && !saysAutoCommit()) {
                commit();
            }
            return;
        }
        shortWay.forget();
        if (isBegunOnBoth()) {
            commit();
        }
        if (!rung().dual()) {
            if (!touched.isEmpty()) {
                commit();
            }
            legs.prepared(rung(), rung().reads(), wanted);
        }
        autoCommit = wanted;
        if (wanted && pinned.isPinned()) {
            ended();
        }
        sessions.autoCommitChanged();
    }

    /** What H2's BEGIN has begun is committed where autocommit is set as it was; the others do nothing, or say that they are closed. */
    private void autoCommitAgain(Leg leg) throws SQLException {
        if (leg.connection.getAutoCommit() != autoCommit) {
            commit();
        }
        leg.connection.setAutoCommit(autoCommit);
    }

    /** The application set autocommit by text on a rung with one leg, and its server knows it. */
    public void autoCommitWasSet(Leg leg, boolean wanted) {
        leg.autoCommitWasSet(wanted);
        autoCommit = wanted;
        shortWay.forget();
    }

    /** The application ran what may have set autocommit on a rung with one leg. What H2's BEGIN turns off comes back by itself. */
    public void autoCommitMayHaveChanged(Leg leg) throws SQLException {
        if (explicit) {
            return;
        }
        boolean now = leg.connection.getAutoCommit();
        if (now != leg.autoCommit()) {
            autoCommitWasSet(leg, now);
        }
    }

    /** The application said BEGIN by text on a dual rung, or its server was told so on another. */
    public void beginExplicitly() {
        explicit = true;
    }

    /** Whether the transaction goes on after the statement: the application's own, or that of a batch. */
    public boolean goesOn() {
        return manual() || batching;
    }

    // ------------------------------------------------------------------ legs for statements

    /** The leg on which statements run as they are, in the application's own transaction mode or in that of a batch. */
    public Leg on(Side side) throws SQLException {
        Rung now = rung();
        if (!now.dual()) {
            return legs.prepared(
                    now, side, autoCommit && touched.isEmpty() && !isOneBatch(side) && !isBegunWithin(side));
        }
        if (side == now.authority()) {
            return legs.prepared(now, side, !goesOn());
        }
        if (now.strict() && !goesOn() && !follower.isFollowing()) {
            mirror.settle();
            return legs.prepared(now, side, true);
        }
        follow(now);
        failedSides.join(now);
        Leg leg = follower.leg();
        return leg == null ? on(now.authority()) : leg;
    }

    /** Whether entries run of which the vendor's own batch, with autocommit on too, would keep all or none. */
    private boolean isOneBatch(Side side) throws SQLException {
        if (!batching) {
            return false;
        }
        Leg leg = legs.open(side);
        return leg.dialect.batchManner(BatchEntries.TEXTS, leg.connection) == BatchManner.ALL_OR_NONE;
    }

    /** Whether a text has begun the transaction within one that the leg had begun, as of a batch: that goes on. */
    private boolean isBegunWithin(Side side) {
        Leg leg = explicit ? legs.existing(side) : null;
        return leg != null && !leg.autoCommit();
    }

    /** The leg that is read, whose connection is about to be asked by itself, as for its metadata. */
    public Leg asked() throws SQLException {
        Leg leg = legs.open(rung().reads());
        if (!open && leg.limits.isUnread()) {
            // It was the mirror's before the last step.
            turn.stepIfFree(this::takesUpItsRole);
            leg = legs.open(rung().reads());
        }
        leavesNothingOpen(leg);
        return leg;
    }

    private void takesUpItsRole() throws SQLException {
        if (!pinned.isPinned()) {
            mirror.settle();
            Leg leg = legs.open(rung().reads());
            leg.limits.play(LegRole.of(rung(), leg.side), shared.settings.get());
        }
    }

    /**
     * What the driver begins for a question of its own would stay open between the application's transactions, where the vendor's
     * autocommit may be off on a dual rung: it is on for that. Where another thread has its turn, the end of that ends it.
     */
    void leavesNothingOpen(Leg leg) throws SQLException {
        if (mayStayOpen(leg)) {
            turn.stepIfFree(() -> {
                if (leg == mirror.leg()) {
                    mirror.settle();
                }
                if (mayStayOpen(leg)) {
                    leg.autoCommit(true);
                }
            });
        }
    }

    private boolean mayStayOpen(Leg leg) throws SQLException {
        return !open
                && !leg.autoCommit()
                && (autoCommit || rung().dual())
                && leg.dialect.beginsWhenAsked()
                && !leg.connection.isClosed();
    }

    /** The statement failed on the leg that answers: what its transaction is worth now (R14). */
    public void failed(Leg leg, SQLException failure) {
        boolean gone = isOpenOnBoth()
                ? failedSides.failed(rung(), leg, failure)
                : (explicit || marksAhead.isNeeded()) && leg.aftermath(failure) == Aftermath.TRANSACTION_GONE;
        if (gone) {
            explicit = false;
            marksAhead.keep();
        }
    }

    /** Does a statement's work on the leg that answers, a look at the catalogue too: where it fails, so may the transaction have (R14). */
    <T> T answering(Leg leg, OnLeg<T> work) throws SQLException {
        try {
            return work.run(leg);
        } catch (SQLException e) {
            failed(leg, e);
            throw e;
        }
    }

    // ------------------------------------------------------------------ writes

    /** What is marked and not mirrored. Made when it is first needed, for most connections need none; it holds nothing of its own. */
    public Unmirrored unmirrored() {
        Unmirrored known = unmirrored;
        if (known == null) {
            known = new Unmirrored(shared, this, touched, marksAhead);
            unmirrored = known;
        }
        return known;
    }

    /**
     * For a statement that asks for keys which were generated before.
     *
     * @param writes whether it is a write of both sides, which begins the transaction on both
     */
    public FormerKeys formerKeys(boolean writes) {
        return new FormerKeys(this, writes);
    }

    GeneratedKeys generatedKeys() {
        return new GeneratedKeys(this);
    }

    /** A side's leg for a write of both sides, which begins the transaction on both; the authority's where the mirror is away. */
    Leg writing(Side side) throws SQLException {
        Rung now = rung();
        return side == now.authority() ? legs.prepared(now, side, false) : on(side);
    }

    /**
     * Asks a leg: one that takes part as the mirror on its lane, within its budget, and abandoned where it fails and may fail.
     *
     * @return null where the mirror does not answer
     * @throws SQLException SQLSTATE 25000 or 40001 where the mirror must succeed and fails; the vendor's own of the authority
     */
    <T> @Nullable T ask(Leg leg, OnLeg<T> question) throws SQLException {
        if (leg != follower.leg()) {
            return answering(leg, question);
        }
        Attempt<T> attempt = follower.attempt(question);
        failedSides.abandonAfter(rung(), attempt);
        return attempt.answer;
    }

    /** Which side has generated the keys that the application may ask for. */
    LastKeys lastKeys() {
        return lastKeys;
    }

    /** The leg has generated keys of the table. */
    void generated(Leg leg, String table) {
        lastKeys = lastKeys.after(leg, table);
    }

    /** The leg's session knows the key that was generated last, whichever has generated it. */
    public void lastKeyIsKnownOn(Leg leg) {
        lastKeys = lastKeys.lastOf(leg);
    }

    /** Runs a write of Data A on both sides, in a short transaction of its own where autocommit is on (R2). */
    public WriteOutcome write(WriteRequest request) throws SQLException {
        return inTransaction(() -> mirroredWrite.run(request));
    }

    /** Changes the schema on both sides; what was open is committed before, as most vendors do by themselves. */
    public <T> T define(Classification definition, OnLeg<T> statement) throws SQLException {
        commitBefore(true);
        mirror.settle();
        return new Definition(shared, legs, rung(), definition).run(statement);
    }

    /**
     * Commits what is open on both sides before a statement by which the server would commit it on one; what goes on begins anew.
     *
     * @param keepsExplicit whether a transaction that a text has begun goes on after that, as on H2
     */
    public void commitBefore(boolean keepsExplicit) throws SQLException {
        if (goesOn()) {
            boolean wasExplicit = explicit && keepsExplicit;
            boolean wasBatching = batching;
            commit();
            begin();
            explicit = wasExplicit;
            batching = wasBatching;
        }
    }

    /** What runs in a transaction. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Does the work in the open transaction of several statements, or in a short one of its own. */
    <T> T inTransaction(Work<T> work) throws SQLException {
        if (goesOn()) {
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

    /** Rolls back because of a failure, to which one of the rollback is added. */
    void rollbackAfter(Throwable cause) {
        try {
            rollback();
        } catch (SQLException | RuntimeException | Error e) {
            // Also of a driver that has lost step with its server, or a machine without a thread.
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
        if (isBegunOnBoth()) {
            boolean marked = false;
            try {
                marked = twoCommits.commit(now);
                if (marked) {
                    marksAhead.committed();
                }
            } finally {
                if (!marked) {
                    marksAhead.rolledBack(legs.existing(now.authority()));
                }
                ended();
            }
            return;
        }
        Leg leg = idle(now);
        if (leg == null) {
            legs.requireOpen();
            return;
        }
        try {
            oneCommit.commit(leg);
            marksAhead.committed();
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
            // A write that is marked in phase 2 is in a short transaction of its own: setting autocommit would commit
            // it without its mark.
            Leg existing = legs.existing(now.reads());
            boolean isShort = open && existing != null && !existing.autoCommit();
            return legs.prepared(now, now.reads(), autoCommit && !isShort);
        }
        if (!autoCommit) {
            return null;
        }
        mirror.settle();
        return legs.prepared(now, now.reads(), true);
    }

    /** The application says COMMIT or ROLLBACK by text on a rung with one leg: the marks go in before it. */
    public <T> T endByText(boolean commits, OnLeg<T> statement) throws SQLException {
        Leg leg = on(rung().reads());
        try {
            return oneCommit.endByText(leg, commits, statement);
        } finally {
            if (!commits) {
                marksAhead.rolledBack(leg);
            }
            ended();
        }
    }

    /** Rolls back on both legs. */
    public void rollback() throws SQLException {
        Rung now = rung();
        legs.session().transactionRolledBack();
        outliving.rolledBack();
        try {
            if (isBegunOnBoth()) {
                twoCommits.rollback(now);
            } else {
                Leg leg = idle(now);
                if (leg != null) {
                    leg.connection.rollback();
                }
            }
        } finally {
            marksAhead.rolledBack(legs.existing(now.authority()));
            ended();
        }
    }

    // ------------------------------------------------------------------ closing

    /** Closes both legs; what is open is rolled back. */
    public void close() throws SQLException {
        try {
            turn.stepIfFree(() -> {
                if (isOpenOnBoth()) {
                    rollback();
                }
                mirror.settle();
            });
        } catch (SQLException e) {
            // The servers roll back what a connection had open that ends.
            Faults.LOG.debug("Rolling back a connection that is closed failed: {}", Faults.described(e));
        } finally {
            try {
                legs.close();
            } finally {
                pinned.leave();
            }
        }
    }

    /** Cancels the write under way on either leg; from any thread. */
    public void cancelWrite() throws SQLException {
        for (Leg leg : legs.all()) {
            leg.cancelWrite();
        }
    }

    /** Gives both legs up at once; from any thread. */
    public void abort() {
        aborted = true;
        pinned.leave();
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
