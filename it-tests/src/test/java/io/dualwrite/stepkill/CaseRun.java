package io.dualwrite.stepkill;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.wire.Action;
import io.dualwrite.wire.Trap;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs one transaction of the application's through proxies, with a fault or without. */
final class CaseRun {
    /** What a mirror that hangs is waited for; a machine that is short of time may need more to come to the request. */
    private static final Duration SHORT_BUDGET = Duration.ofMillis(250);
    /** Where nothing hangs, nothing is given up for want of time. */
    private static final Duration LONG_BUDGET = Duration.ofSeconds(20);
    /** How long an application thinks at the first attempt, at most. */
    private static final Duration THINKING = Duration.ofSeconds(1);
    /** Longer than a mirror may keep a request waiting beyond what is allowed to it. */
    private static final Duration HANG = Duration.ofSeconds(3);
    /** How long a server hangs that an application waits for as it would without Dualwrite. */
    private static final Duration HANG_OF_AUTHORITY = Duration.ofMillis(300);

    private static final int PATIENCE_SECONDS = 60;

    private final Ground ground;
    private final ExecutorService applications;

    CaseRun(Ground ground, ExecutorService applications) {
        this.ground = ground;
        this.applications = applications;
    }

    /** The requests that the work takes on both sides, found by a run without a fault. */
    Map<Side, Trap> list(Work work, int number) throws Exception {
        Map<Side, Trap> traps = new EnumMap<>(Side.class);
        try (Wires wires = new Wires(ground);
                StepInstance instance = instance(wires, LONG_BUDGET, LONG_BUDGET)) {
            for (Side side : Side.values()) {
                Trap trap = Trap.listing();
                traps.put(side, trap);
                wires.watch(side, trap);
            }
            Outcome outcome = application(instance, work, new Work.Rows(number));
            if (!outcome.acknowledged() || !instance.comesToRest()) {
                throw new IllegalStateException(work + " on " + ground.rung + " without a fault: " + outcome);
            }
            instance.sweep(ground);
            return traps;
        }
    }

    private StepInstance instance(Wires wires, Duration budget, Duration thinking) throws Exception {
        return new StepInstance(ground.rung, wires.urls(), ground.user(), ground.password(), budget, thinking);
    }

    /** Does the work, and after a failure what applications do: rolls back and closes. */
    static Outcome application(StepInstance instance, Work work, Work.Rows rows) {
        Outcome outcome = Outcome.DONE;
        try (Connection connection = instance.connect()) {
            try {
                work.run(connection, rows, instance::think);
            } catch (SQLException e) {
                outcome = Outcome.of(e);
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            return outcome == Outcome.DONE ? Outcome.of(e) : outcome;
        }
        return outcome;
    }

    /**
     * Runs the case up to what the application is told, and until nothing is under way but what is to arrive amid repair.
     *
     * @param attempt from 0; each bears four times as long with a mirror that hangs as the one before it
     */
    @SuppressWarnings("MustBeClosed")
    Finished run(Case one, int attempt) throws Exception {
        Duration budget = one.fault() == Fault.HANGS ? SHORT_BUDGET.multipliedBy(1L << 2 * attempt) : LONG_BUDGET;
        Wires wires = new Wires(ground);
        Site site = one.site();
        Action action = Action.of(kind(one.fault()));
        Trap trap = Trap.at(site.number(), action);
        wires.watch(site.side(), trap);
        try (StepInstance instance = instance(wires, budget, THINKING.multipliedBy(1L << attempt))) {
            CompletableFuture<Outcome> told =
                    CompletableFuture.supplyAsync(() -> application(instance, site.work(), one.rows()), applications);
            boolean keptWaiting = one.fault() == Fault.HANGS && hangs(site.side(), trap, told, action, budget);
            Finished finished = new Finished(one, told.get(PATIENCE_SECONDS, TimeUnit.SECONDS), wires, trap);
            judge(finished, keptWaiting);
            if (!one.amidRepair()) {
                finished.arrive();
            }
            finished.problem(instance.comesToRest() ? null : "the instance never drains");
            instance.sweep(ground);
            finished.problem(ground.unmarkedDifference(one.rows()));
            return finished;
        }
    }

    static Action.Kind kind(@Nullable Fault fault) {
        return switch (Objects.requireNonNull(fault)) {
            case FAILS -> Action.Kind.FAIL;
            case REPLY_LOST -> Action.Kind.LOST;
            case LATE -> Action.Kind.LATE;
            case HANGS -> Action.Kind.HANG;
            case KILLED_BEFORE, KILLED_AFTER -> throw new IllegalArgumentException(fault + " is no fault of a wire");
        };
    }

    /** Whether the application waits longer than a mirror may make it wait; then the server goes on. */
    private boolean hangs(Side side, Trap trap, CompletableFuture<Outcome> told, Action action, Duration budget)
            throws Exception {
        CompletableFuture.anyOf(trap.caught(), told).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Duration longest = side == ground.rung.mirror() ? HANG.plus(budget.multipliedBy(2)) : HANG_OF_AUTHORITY;
        try {
            told.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            action.release();
            return true;
        }
    }

    private void judge(Finished finished, boolean keptWaiting) {
        Rung rung = ground.rung;
        boolean swallowed = !rung.strict() && finished.one.site().side() == rung.mirror();
        if (swallowed && keptWaiting) {
            finished.problem("a mirror that hangs kept the application waiting");
        } else if (swallowed && !finished.outcome.acknowledged()) {
            finished.problem("trouble on the mirror reached the application");
        }
    }
}
