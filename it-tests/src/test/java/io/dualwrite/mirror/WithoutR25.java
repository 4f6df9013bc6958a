package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.simulation.Virtual;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;

/** Replays every statement on the mirror, and compares nothing but counts. */
final class WithoutR25 {
    private WithoutR25() {}

    static Captured run(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        Captured captured = Capture.run(leg, table, request);
        Virtual.attach(captured, request);
        return captured;
    }

    static void apply(Leg mirror, TableShape target, Captured captured, Verb verb) throws SQLException {
        WriteRequest request = (WriteRequest) Virtual.attached(captured);
        if (request == null) {
            throw new IllegalStateException("a write that was not captured");
        }
        Captured replayed = Capture.run(mirror, target, request);
        if (replayed.images.size() != captured.images.size()) {
            throw new SQLException("counts differ");
        }
    }
}
