package io.dualwrite.copier.gate;

import io.dualwrite.fleet.InstanceRow;
import java.util.List;
import java.util.stream.Collectors;

/** As many instances live as the fleet has (R29): one that is not seen could write on one side. */
final class FleetComplete implements Check {
    @Override
    public boolean applies(Facts facts) {
        return true;
    }

    @Override
    public Finding look(Facts facts) {
        int size = facts.settings().fleetSize;
        List<InstanceRow> present = facts.present();
        String seen = present.size() + " of fleet.size = " + size + " live"
                + (present.isEmpty()
                        ? ""
                        : " (" + present.stream().map(row -> row.name).collect(Collectors.joining(", ")) + ")");
        if (present.size() == size) {
            return Finding.fine("fleet", seen);
        }
        List<InstanceRow> silent = facts.home().rows.stream()
                .filter(row -> !row.gone && present.stream().noneMatch(live -> live.name.equals(row.name)))
                .toList();
        return Finding.shut(
                "fleet",
                seen
                        + silent.stream()
                                .map(row -> "; " + row.name + " was last heard of "
                                        + facts.home().ageMillis(row) / 1_000 + " s ago")
                                .collect(Collectors.joining())
                        + advice(size - present.size(), silent),
                null);
    }

    /** Whoever is silent may still run, cut off or hanging: a second process of its name would wait for it. */
    private static String advice(int missing, List<InstanceRow> silent) {
        if (missing < 0) {
            return "; correct fleet.size";
        }
        String look = silent.isEmpty()
                ? ""
                : "; look at " + silent.stream().map(row -> row.name).collect(Collectors.joining(", "))
                        + ": restart what hangs or is cut off, start what has ended";
        return missing > silent.size() ? look + "; start the missing ones, or correct fleet.size" : look;
    }
}
