package io.dualwrite.stepkill;

import io.dualwrite.wire.Action;
import io.dualwrite.wire.Trap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A case that the application has done with; its request may still be on its way. */
final class Finished implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    final Case one;
    final Outcome outcome;
    private final Wires wires;
    private final Trap trap;
    private final List<String> problems = new ArrayList<>();

    Finished(Case one, Outcome outcome, Wires wires, Trap trap) {
        this.one = one;
        this.outcome = outcome;
        this.wires = wires;
        this.trap = trap;
    }

    /** Whether the request was made. */
    boolean reached() {
        return trap.caught().isDone();
    }

    /** Lets the request arrive that is still on its way, and waits until the server has answered it. */
    void arrive() throws InterruptedException, ExecutionException {
        try {
            if (reached()) {
                Action action = trap.caught().get();
                action.release();
                action.ended().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            problem("its request was not answered within " + PATIENCE_SECONDS + " s");
        }
        if (!wires.comeToRest()) {
            problem("its connections do not come to rest");
        }
    }

    void problem(@Nullable String problem) {
        if (problem != null) {
            problems.add(problem);
        }
    }

    /** What was found wrong, each with the case and what the application was told. */
    List<String> problems() {
        return problems.stream()
                .map(problem -> one + ": " + problem + " (told: " + outcome + ")")
                .toList();
    }

    @Override
    public void close() {
        wires.close();
    }
}
