package io.dualwrite.copier.gate;

import java.util.stream.Collectors;

/** Every instance stands where the step begins, or where it leads already. */
final class FleetThere implements Check {
    @Override
    public boolean applies(Facts facts) {
        return true;
    }

    @Override
    public Finding look(Facts facts) {
        String elsewhere = facts.present().stream()
                .filter(row -> row.rung != facts.leaves() && row.rung != facts.enters())
                .map(row -> row.name + " on " + row.rung)
                .collect(Collectors.joining(", "));
        return elsewhere.isEmpty()
                ? Finding.fine("rung", "all stand on " + facts.leaves() + " or " + facts.enters())
                : Finding.shut(
                        "rung",
                        "the step to phase " + facts.pass().to().number() + " begins on " + facts.leaves() + ", but "
                                + elsewhere + "; set phase = "
                                + facts.pass().from().number()
                                + " in their files and wait until they are there",
                        null);
    }
}
