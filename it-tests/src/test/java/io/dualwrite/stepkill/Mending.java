package io.dualwrite.stepkill;

import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Progress;
import io.dualwrite.copier.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Repairs what a group of cases left behind, while the last of their requests arrive, and looks whether all is well then. */
final class Mending {
    /** Spreads what arrives late over the time that a repair takes. */
    private static final Duration BETWEEN_ARRIVALS = Duration.ofMillis(20);

    private final Ground ground;

    Mending(Ground ground) {
        this.ground = ground;
    }

    /** Every problem of the cases. */
    List<String> mend(List<Finished> cases) throws Exception {
        CompletableFuture<Report> amid = CompletableFuture.supplyAsync(this::repair);
        for (Finished one : cases) {
            if (one.one.amidRepair()) {
                LockSupport.parkNanos(BETWEEN_ARRIVALS.toNanos());
                one.arrive();
            }
        }
        amid.get(10, TimeUnit.MINUTES);
        List<String> problems = new ArrayList<>();
        for (Finished one : cases) {
            one.problem(ground.unmarkedDifference(one.one.rows()));
        }
        Report last = repair();
        if (!last.clean()) {
            problems.add(
                    ground.vendor + " " + ground.rung + ": repair leaves " + last.differing() + " " + last.notes());
        }
        for (Finished one : cases) {
            judge(one);
            problems.addAll(one.problems());
        }
        List<String> marks = ground.marks();
        if (!marks.isEmpty()) {
            problems.add(ground.vendor + " " + ground.rung + ": marks are left after repair: " + marks);
        }
        return problems;
    }

    private void judge(Finished one) throws Exception {
        List<String> authority = ground.rows(ground.rung.authority(), one.one.rows());
        List<String> mirror = ground.rows(ground.rung.mirror(), one.one.rows());
        if (!authority.equals(mirror)) {
            one.problem("differs after repair: the authority has " + authority + ", the mirror " + mirror);
        }
        one.problem(one.outcome.contradictedBy(authority, one.one.site().work()));
    }

    private Report repair() {
        try (Copier copier = Copier.open(
                ground.settings(), Copier.fromAuthority(ground.settings()), Copier.newRun(), Progress.SILENT)) {
            return copier.repair();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
