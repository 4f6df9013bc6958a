package io.dualwrite.copier.gate;

import java.util.stream.Collectors;

/** Nothing that began on a former rung is open on any instance (R22). */
final class FleetDrained implements Check {
    @Override
    public boolean applies(Facts facts) {
        return true;
    }

    @Override
    public Finding look(Facts facts) {
        String draining = facts.present().stream()
                .filter(row -> row.movingFrom != null)
                .map(row -> row.name + " from " + row.movingFrom)
                .collect(Collectors.joining(", "));
        return draining.isEmpty()
                ? Finding.fine("drained", "no instance has anything open on a former rung")
                : Finding.shut("drained", "not yet drained: " + draining, facts.command("status"));
    }
}
