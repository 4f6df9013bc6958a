package io.dualwrite.copier.gate;

import io.dualwrite.ladder.Side;
import java.util.stream.Collectors;

/** No instance has given up mirroring for the moment: a crossing would fail its writes at once. */
final class BreakerClosed implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing();
    }

    @Override
    public Finding look(Facts facts) {
        Side mirror = facts.leaves().mirror();
        String paused = facts.present().stream()
                .filter(row -> row.pausedSides.contains(mirror))
                .map(row -> row.name)
                .collect(Collectors.joining(", "));
        return paused.isEmpty()
                ? Finding.fine("breaker", "every instance mirrors to " + mirror.word())
                : Finding.shut(
                        "breaker",
                        "mirroring to " + mirror.word() + " pauses on " + paused
                                + " after too many failures in a row; see its log, and wait until a write has succeeded there",
                        facts.command("status"));
    }
}
