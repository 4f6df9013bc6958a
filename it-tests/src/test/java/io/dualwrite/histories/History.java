package io.dualwrite.histories;

import io.dualwrite.ladder.Rung;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Records what clients ask for and what they are told, in the order of the answers. Thread-safe. */
final class History {
    private final Collection<Operation> operations = new ConcurrentLinkedQueue<>();

    /** Carries out a request. */
    interface Call {
        Outcome run();
    }

    /**
     * Runs a request and records it.
     *
     * @param rung where the client's instance stands now
     */
    void record(int process, Supplier<Rung> rung, Request request, Call call) {
        Rung from = rung.get();
        long invoked = System.nanoTime();
        Outcome outcome = call.run();
        long completed = System.nanoTime();
        operations.add(new Operation(
                process,
                new Operation.Moment(invoked, from),
                new Operation.Moment(completed, rung.get()),
                request,
                outcome));
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }
}
