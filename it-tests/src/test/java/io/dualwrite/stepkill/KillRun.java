package io.dualwrite.stepkill;

import io.dualwrite.demo.ChildJvm;
import io.dualwrite.wire.Action;
import io.dualwrite.wire.Trap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs one transaction in a process of its own and kills that at one of its requests. Not thread-safe. */
final class KillRun implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(20);
    private static final int PATIENCE_SECONDS = 60;

    private final Ground ground;
    private final Path errors = Files.createTempFile("stepkill-", ".log");
    /** Started ahead: a JVM takes longer to start than all that it is then asked for. */
    private @Nullable Child next;

    private static final class Child {
        private final AtomicReference<Outcome> said = new AtomicReference<>(Outcome.KILLED);
        private final CompletableFuture<Void> rests = new CompletableFuture<>();
        private final ChildJvm process;

        Child(Path errors) throws IOException {
            process = ChildJvm.start("stepkill", StepKillChild.class, List.of(), errors, this::heard);
        }

        private void heard(String line) {
            if (line.equals(StepKillChild.ACKNOWLEDGED)) {
                said.set(Outcome.DONE);
            } else if (line.startsWith("refused\t")) {
                said.set(new Outcome(line.substring(line.indexOf('\t') + 1), "refused", true));
            } else if (line.equals("rests")) {
                rests.complete(null);
            }
        }

        void kill() {
            process.kill();
            try {
                process.await(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    KillRun(Ground ground) throws IOException {
        this.ground = ground;
    }

    /** Runs the case until the process has ended and nothing of it is under way. */
    @SuppressWarnings("MustBeClosed")
    Finished run(Case one) throws Exception {
        Child child = next == null ? new Child(errors) : next;
        next = new Child(errors);
        Wires wires = new Wires(ground);
        Trap trap = Trap.at(one.site().number(), request -> sprung(one, child));
        wires.watch(one.site().side(), trap);
        child.process.tell(StepKillChild.order(ground, wires.urls(), one));
        CompletableFuture.anyOf(trap.caught(), child.rests).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (trap.caught().isDone()) {
            trap.caught().get().ended().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        child.kill();
        Finished finished = new Finished(one, child.said.get(), wires, trap);
        finished.problem(wires.comeToRest() ? null : "the connections of a killed process do not end");
        finished.problem(ground.unmarkedDifference(one.rows()));
        return finished;
    }

    private static Action sprung(Case one, Child child) {
        if (one.fault() == Fault.KILLED_AFTER) {
            return Action.lostAfter(child::kill);
        }
        child.kill();
        return Action.of(Action.Kind.FAIL);
    }

    @Override
    public void close() throws IOException {
        if (next != null) {
            next.kill();
        }
        Files.delete(errors);
    }
}
