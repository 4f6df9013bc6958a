package io.dualwrite.stepkill;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.wire.Request;
import io.dualwrite.wire.Trap;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** All cases of one vendor on one rung: lists the sites, breaks each, repairs, and looks. */
final class Group {
    /** Cases side by side: most of their time they wait. */
    private static final int AT_A_TIME = 6;

    private static final int ATTEMPTS = 4;

    private final String vendor;
    private final Rung rung;
    final List<String> problems = new ArrayList<>();
    int sites;
    int places;
    int covered;
    int cases;
    int kills;

    Group(String vendor, Rung rung) {
        this.vendor = vendor;
        this.rung = rung;
    }

    Group run(Shares shares) throws Exception {
        List<Site> all = sites();
        sites = all.size();
        List<Case> chosen = shares.cases(all);
        List<Case> killed = shares.kills(all, chosen.size() + 1);
        kills = killed.size();
        cases = chosen.size() + kills;
        places = places(all.stream());
        try (Ground ground = new Ground(vendor, rung, cases * ATTEMPTS)) {
            List<Finished> finished = inParallel(ground, chosen);
            covered = places(finished.stream().filter(Finished::reached).map(one -> one.one.site()));
            finished.addAll(oneByOne(ground, killed));
            problems.addAll(new Mending(ground).mend(finished));
            finished.forEach(Finished::close);
        }
        return this;
    }

    /** Each request on either side, in each work of the application's. */
    List<Site> sites() throws Exception {
        List<Site> found = new ArrayList<>();
        ExecutorService unused = Executors.newCachedThreadPool();
        try (Ground ground = new Ground(vendor, rung, Work.values().length)) {
            CaseRun run = new CaseRun(ground, unused);
            for (Work work : Work.values()) {
                Map<Side, Trap> traps = run.list(work, work.ordinal() + 1);
                traps.forEach((side, trap) -> add(found, work, side, trap.list()));
                requireWellDone(ground, work);
            }
        } finally {
            unused.shutdown();
        }
        return found;
    }

    private void add(List<Site> found, Work work, Side side, List<Request> requests) {
        String former = side.word();
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            String text = Site.withoutValues(request.verbs() + " " + request.text());
            found.add(new Site(vendor, rung, work, side, i + 1, request.verbs(), former + " > " + text));
            former = side.word() + " " + text;
        }
    }

    private void requireWellDone(Ground ground, Work work) throws SQLException {
        for (Side side : Side.values()) {
            List<String> rows = ground.rows(side, new Work.Rows(work.ordinal() + 1));
            if (!rows.equals(work.after())) {
                problems.add(
                        vendor + " " + rung + " " + work + " without a fault leaves " + rows + " on " + side.word());
            }
        }
    }

    private List<Finished> oneByOne(Ground ground, List<Case> killed) throws Exception {
        List<Finished> finished = new ArrayList<>();
        try (KillRun run = new KillRun(ground)) {
            for (Case one : killed) {
                finished.addAll(attempts((killedHere, attempt) -> run.run(killedHere), one));
            }
        }
        return finished;
    }

    private interface Running {
        Finished run(Case one, int attempt) throws Exception;
    }

    /** On a machine that is short of time a mirror may be given up before the request, so that it is never made. */
    private List<Finished> attempts(Running run, Case one) throws Exception {
        List<Finished> attempts = new ArrayList<>();
        Case next = one;
        do {
            attempts.add(run.run(next, attempts.size()));
            next = next.at(next.number() + cases);
        } while (attempts.size() < ATTEMPTS
                && !attempts.get(attempts.size() - 1).reached());
        Finished last = attempts.get(attempts.size() - 1);
        last.problem(last.reached() ? null : "its request was never made in " + ATTEMPTS + " attempts");
        return attempts;
    }

    private static int places(Stream<Site> sites) {
        return (int) sites.map(Site::place).distinct().count();
    }

    private List<Finished> inParallel(Ground ground, List<Case> chosen) throws Exception {
        ExecutorService applications = Executors.newCachedThreadPool();
        ExecutorService runs = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            CaseRun run = new CaseRun(ground, applications);
            List<Future<List<Finished>>> running = new ArrayList<>();
            for (Case one : chosen) {
                running.add(runs.submit(() -> attempts(run::run, one)));
            }
            List<Finished> finished = new ArrayList<>();
            for (Future<List<Finished>> one : running) {
                finished.addAll(one.get());
            }
            return finished;
        } finally {
            runs.shutdown();
            applications.shutdown();
        }
    }
}
