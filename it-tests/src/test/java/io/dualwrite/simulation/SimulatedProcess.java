package io.dualwrite.simulation;

import java.util.ArrayList;
import java.util.List;

/** What can be killed as a whole: an instance of the application, or the copier. */
final class SimulatedProcess {
    final String name;
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private int calls;
    private boolean dead;

    SimulatedProcess(String name) {
        this.name = name;
    }

    void owns(SimulatedConnection connection) {
        connections.add(connection);
    }

    void calls() {
        calls++;
    }

    /** How many calls it has made. */
    int made() {
        return calls;
    }

    boolean isDead() {
        return dead;
    }

    /** None of its threads does anything more; the servers find out, sooner or later. */
    void kill(Network network) {
        dead = true;
        for (SimulatedConnection connection : connections) {
            if (!connection.session().isBroken() && !connection.session().isEnded()) {
                connection.breaks(network.delay());
            }
        }
    }
}
