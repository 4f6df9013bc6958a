package io.dualwrite.stepkill;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.demo.ChildJvm;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.wire.Action;
import io.dualwrite.wire.Request;
import io.dualwrite.wire.Trap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs of the copier over two databases whose rows differ, with a fault or without, and what is left of them. Not thread-safe. */
final class CopierRun implements AutoCloseable {
    private static final Duration HANG = Duration.ofMillis(300);
    private static final int PATIENCE_SECONDS = 60;
    private static final int CASES = 3;
    private static final int ATTEMPTS = 4;
    private static final String ALL = "SELECT id, grp, name, amount FROM item ORDER BY id";

    private final Ground ground;
    private final ExecutorService copiers;
    private final Path folder;

    /**
     * Makes the databases.
     *
     * @param folder for files of the copier's
     */
    CopierRun(String vendor, Rung rung, ExecutorService copiers, Path folder) throws SQLException {
        this.folder = folder;
        this.ground = new Ground(vendor, rung, CASES);
        this.copiers = copiers;
    }

    /** The requests that the work takes, on both sides. */
    List<CopierCase> list(CopierWork work) throws Exception {
        plant(work);
        List<CopierCase> found = new ArrayList<>();
        try (Wires wires = new Wires(ground)) {
            Map<Side, Trap> traps = Map.of(Side.OLD, Trap.listing(), Side.NEW, Trap.listing());
            traps.forEach(wires::watch);
            copy(work, wires.urls());
            traps.forEach((side, trap) -> add(found, work, side, trap.list()));
        }
        return found;
    }

    private static void add(List<CopierCase> found, CopierWork work, Side side, List<Request> requests) {
        String former = side.word();
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            String text = Site.withoutValues(request.verbs() + " " + request.text());
            found.add(new CopierCase(work, side, i + 1, request.verbs(), former + " > " + text, null));
            former = side.word() + " " + text;
        }
    }

    /** On the mirror one row is stale, one is missing, and one should not be there; for a repair the three are marked. */
    private void plant(CopierWork work) throws SQLException {
        ground.reset(CASES);
        Side mirror = ground.rung.mirror();
        ground.run(mirror, "UPDATE item SET amount = -1 WHERE id = " + new Work.Rows(1).id(1));
        ground.run(mirror, "DELETE FROM item WHERE id = " + new Work.Rows(2).id(2));
        ground.run(mirror, new Work.Rows(3).insert(5, "planted", 1));
        if (work == CopierWork.REPAIR) {
            mark("m-1", new Work.Rows(1).id(1));
            mark("m-2", new Work.Rows(2).id(2));
            mark("m-3", new Work.Rows(3).id(5));
        }
    }

    private void mark(String id, int key) throws SQLException {
        ground.run(
                ground.rung.authority(),
                "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at) VALUES ('"
                        + id + "', 0, 'item', '" + key + "', 'planted', 'app-1', 1, 1)");
    }

    /** Runs the copier, and gives back how it ended: nothing where all is well. */
    private String copy(CopierWork work, Map<Side, String> urls) {
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        try {
            int exit = DualwriteCli.run(console, console, command(work, urls));
            return exit == 0 ? "" : "exit code " + exit + ": " + said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String[] command(CopierWork work, Map<Side, String> urls) throws IOException {
        return work.command(ground.rung.authority(), ground.file(folder, urls));
    }

    /**
     * What is wrong after the fault, and after a run that is let be. On a machine that is short of time the copier may let a row's
     * lock go and come back to it, so that its requests are others and the one that was meant is never made; what such a run leaves
     * is looked at as well, and the case is run again.
     */
    List<String> run(CopierCase one) throws Exception {
        List<String> problems = new ArrayList<>();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt(one, problems)) {
                return problems;
            }
        }
        problems.add(one + ": its request was never made in " + ATTEMPTS + " attempts");
        return problems;
    }

    /** Whether the request was made. */
    private boolean attempt(CopierCase one, List<String> found) throws Exception {
        plant(one.work());
        List<String> before = ground.rows(ground.rung.authority(), ALL);
        List<String> problems = new ArrayList<>();
        boolean made;
        try (Wires wires = new Wires(ground)) {
            Trap trap = Fault.OF_PROCESS.contains(one.fault()) ? kill(one, wires) : breakWire(one, wires);
            made = trap.caught().isDone();
            if (!wires.comeToRest()) {
                problems.add("its connections do not come to rest");
            }
        }
        judge(one, before, problems);
        problems.forEach(problem -> found.add(ground.vendor + " " + ground.rung + " " + one + ": " + problem));
        return made;
    }

    private Trap breakWire(CopierCase one, Wires wires) throws Exception {
        Action action = Action.of(CaseRun.kind(one.fault()));
        Trap trap = Trap.at(one.number(), action);
        wires.watch(one.side(), trap);
        CompletableFuture<String> copying =
                CompletableFuture.supplyAsync(() -> copy(one.work(), wires.urls()), copiers);
        if (one.fault() == Fault.HANGS) {
            CompletableFuture.anyOf(trap.caught(), copying).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            copying.copy()
                    .completeOnTimeout("hangs", HANG.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            action.release();
        }
        copying.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        action.release();
        return trap;
    }

    private Trap kill(CopierCase one, Wires wires) throws Exception {
        CompletableFuture<ChildJvm> child = new CompletableFuture<>();
        Runnable kill = () -> end(child.join());
        Trap trap = Trap.at(one.number(), request -> {
            if (one.fault() == Fault.KILLED_AFTER) {
                return Action.lostAfter(kill);
            }
            kill.run();
            return Action.of(Action.Kind.FAIL);
        });
        wires.watch(one.side(), trap);
        Path errors = Files.createTempFile(folder, "copier-", ".log");
        List<String> command = List.of(command(one.work(), wires.urls()));
        child.complete(ChildJvm.start("copier", DualwriteCli.class, command, errors, line -> {}));
        child.get().await(Duration.ofSeconds(PATIENCE_SECONDS));
        trap.caught().completeOnTimeout(Action.PASS, 2, TimeUnit.SECONDS).get();
        return trap;
    }

    private static void end(ChildJvm child) {
        child.kill();
        try {
            child.await(Duration.ofSeconds(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void judge(CopierCase one, List<String> before, List<String> problems) throws SQLException {
        Side authority = ground.rung.authority();
        if (!ground.rows(authority, ALL).equals(before)) {
            problems.add("the authority's rows were changed");
        }
        if (one.work() == CopierWork.REPAIR) {
            for (int i = 1; i <= CASES; i++) {
                String difference = ground.unmarkedDifference(new Work.Rows(i));
                if (difference != null) {
                    problems.add(difference);
                }
            }
        }
        forgetRun();
        String last = copy(one.work(), ground.urls());
        if (!last.isEmpty()) {
            problems.add("a run that is let be ends with " + last);
        }
        if (!ground.rows(authority, ALL).equals(before)) {
            problems.add("the authority's rows were changed in the end");
        }
        if (!ground.rows(ground.rung.mirror(), ALL).equals(before)) {
            problems.add("differs in the end: " + ground.rows(ground.rung.mirror(), ALL) + " and not " + before);
        }
        if (!ground.marks().isEmpty()) {
            problems.add("marks are left in the end: " + ground.marks());
        }
    }

    /** As if the time had passed after which a silent run counts as dead. */
    private void forgetRun() throws SQLException {
        for (Side side : Side.values()) {
            ground.run(side, "UPDATE dualwrite_copy SET touched_at = 0");
        }
    }

    @Override
    public void close() throws SQLException {
        ground.close();
    }
}
