package io.dualwrite.simulation;

import io.dualwrite.simulation.SimulatedConnection.Manner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session on a server. H2 does the work; that a session waits for a lock, and for how long, is the simulation's: H2 refuses at
 * once, and the statement is tried again when another transaction has ended.
 */
final class SimulatedSession {
    private static final long DEFAULT_LOCK_MILLIS = 2_000;
    private static final Pattern LIMIT = Pattern.compile("SET (LOCK|QUERY)_TIMEOUT (.*)");

    private final SimulatedDatabase database;
    private final Connection raw;
    private final Scheduler scheduler;
    private final Story story;
    private final String name;
    private final BooleanSupplier closing;
    private long lockMillis = DEFAULT_LOCK_MILLIS;
    private long queryMillis;
    private boolean broken;
    private boolean ended;
    private boolean cancelled;
    private boolean waits;
    private int transactions;
    private @Nullable SimulatedSession blocker;

    SimulatedSession(
            SimulatedDatabase database,
            Connection raw,
            Scheduler scheduler,
            Story story,
            String name,
            BooleanSupplier closing) {
        this.database = database;
        this.raw = raw;
        this.scheduler = scheduler;
        this.story = story;
        this.name = name;
        this.closing = closing;
    }

    /** What the server does for a call. */
    interface Work {
        @Nullable
        Object run() throws SQLException;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the client cannot reach it any more. */
    boolean isBroken() {
        return broken;
    }

    void breaks() {
        broken = true;
    }

    boolean isOverdue(long nanos) {
        return queryMillis > 0 && nanos > queryMillis * 1_000_000;
    }

    static SQLException cancelled() {
        return new SQLTimeoutException("Statement was canceled or the session timed out", "57014", 57014);
    }

    void cancel() {
        cancelled = waits;
    }

    /** Takes note of a limit that the client sets; it holds in virtual time. */
    boolean told(String sql) {
        Matcher limit = LIMIT.matcher(sql);
        if (!limit.matches()) {
            return false;
        }
        boolean number = Character.isDigit(limit.group(2).charAt(0));
        if (limit.group(1).equals("LOCK")) {
            lockMillis = number ? Long.parseLong(limit.group(2)) : DEFAULT_LOCK_MILLIS;
        } else {
            queryMillis = number ? Long.parseLong(limit.group(2)) : 0;
        }
        return true;
    }

    /** Rolls back what is open, and ends. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            raw.close();
        } catch (SQLException e) {
            story.tell(name + " was not closed: " + e.getErrorCode());
        }
        story.tell(name + " ended");
        transactions++;
        database.ended(this);
    }

    @Nullable
    Object serve(String what, Manner manner, Fault fault, Work work) throws SQLException {
        boolean query = what.startsWith("SELECT");
        if (fault == Fault.REFUSED) {
            throw new SQLException("refused by the simulation", "HY000", 50000);
        }
        if (fault == Fault.DEADLOCK) {
            throw victim(query);
        }
        boolean alone = raw.getAutoCommit();
        try {
            Object answer = manner == Manner.STATEMENT ? patiently(what, query, work) : work.run();
            story.tell(name + ' ' + what + (answer instanceof Integer count ? " -> " + count : ""));
            if (what.equals(SimulatedConnection.ROLLBACK_TO)) {
                PartialRollback.forget(raw);
            }
            if (manner == Manner.COMMIT || manner == Manner.END || alone) {
                released();
            }
            return answer;
        } catch (SQLException e) {
            story.tell(name + ' ' + what + " fails: " + e.getErrorCode());
            PartialRollback.forget(raw);
            released();
            throw e;
        }
    }

    /** Locks may have been let go of. */
    private void released() {
        transactions++;
        database.changed();
    }

    /** H2 rolls the victim's transaction back, unless a query was its last statement: that one fails alone. */
    private SQLException victim(boolean query) throws SQLException {
        if (!query || database.undoesVictims()) {
            raw.rollback();
            released();
        }
        return LockWaits.deadlock();
    }

    private @Nullable Object patiently(String what, boolean query, Work work) throws SQLException {
        long end = scheduler.now() + lockMillis * 1_000_000;
        boolean keepsWrites = query && what.toUpperCase(Locale.ROOT).contains(" TABLE (") && !raw.getAutoCommit();
        while (true) {
            int seen = database.changes();
            Savepoint before = keepsWrites ? raw.setSavepoint() : null;
            try {
                return work.run();
            } catch (SQLException e) {
                if (!LockWaits.isOne(e) || scheduler.now() >= end) {
                    throw e;
                }
                PartialRollback.forget(raw);
                blocker = database.session(LockWaits.owner(e));
                if (isInCircle()) {
                    throw victim(query);
                }
                if (before != null) {
                    raw.rollback(before);
                    PartialRollback.forget(raw);
                }
            }
            waitForChange(what, seen, end);
        }
    }

    private void waitForChange(String what, int seen, long end) throws SQLException {
        story.tell(name + " waits: " + what);
        cancelled = false;
        waits = true;
        SimulatedSession holder = blocker;
        int held = holder == null ? 0 : holder.transactions;
        BooleanSupplier released =
                () -> holder == null ? database.changes() != seen : holder.transactions != held || holder.ended;
        long longest = queryMillis == 0 ? end : Math.min(end, scheduler.now() + queryMillis * 1_000_000);
        try {
            boolean changed = scheduler.await(
                    () -> released.getAsBoolean() || cancelled || ended || closing.getAsBoolean(),
                    longest - scheduler.now());
            if (cancelled || !changed && longest < end) {
                throw cancelled();
            }
            if (ended || closing.getAsBoolean()) {
                end();
                throw Network.lost();
            }
        } finally {
            waits = false;
            blocker = null;
        }
    }

    private boolean isInCircle() {
        SimulatedSession at = blocker;
        for (int steps = 0; at != null && steps < 50; steps++) {
            if (at == this) {
                blocker = null;
                return true;
            }
            at = at.blocker;
        }
        return false;
    }
}
