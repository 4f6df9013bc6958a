package io.dualwrite.simulation;

import java.sql.SQLException;
import java.util.List;

/** The way into rewritten classes. */
public final class Simulation implements Simulated {
    @Override
    public Verdict run(long seed) {
        try {
            return new World(seed).run();
        } catch (SQLException e) {
            return new Verdict(seed, "not begun", List.of(e.toString()), List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict(seed, "interrupted", List.of(e.toString()), List.of());
        }
    }
}
