package io.dualwrite.copier.gate;

import io.dualwrite.fleet.InstanceRow;
import java.util.ArrayList;
import java.util.List;

/** All instances, and the copier, go by the same manifest, routines and rules (R28). */
final class SameSettings implements Check {
    @Override
    public boolean applies(Facts facts) {
        return !facts.toSingle();
    }

    @Override
    public Finding look(Facts facts) {
        List<String> differing = new ArrayList<>();
        for (InstanceRow row : facts.present()) {
            String differs = facts.settings().differsIn(row.fingerprint);
            if (differs != null) {
                differing.add(row.name + " in " + differs);
            }
        }
        return differing.isEmpty()
                ? Finding.fine("settings", "all files agree")
                : Finding.shut(
                        "settings",
                        facts.file() + " differs from the files of " + String.join(", ", differing)
                                + "; make them agree while the fleet is in 1 or 6",
                        null);
    }
}
