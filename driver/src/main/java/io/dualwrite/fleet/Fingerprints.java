package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Compares what must be the same in the whole fleet (R28). */
final class Fingerprints {
    private Fingerprints() {}

    /** Which live instance differs and in what, in one sentence, or null. */
    static @Nullable String difference(Settings settings, Collection<InstanceRow> others) {
        for (InstanceRow other : others) {
            String differs = settings.differsIn(other.fingerprint);
            if (differs != null) {
                return other.name + " has another " + differs + "; make the files agree while the fleet is in 1 or 6";
            }
        }
        return null;
    }

    /** What is wrong with the migration ids and epochs that {@code init} wrote on the two sides, in one sentence, or null. */
    static @Nullable String difference(PhaseRow old, PhaseRow fresh) {
        if (old.migration.equals(fresh.migration) && old.epoch != fresh.epoch) {
            return "old is in epoch " + old.epoch + " and new in " + fresh.epoch
                    + ": one of them was away; run dualwrite init --rejoin";
        }
        return old.migration.equals(fresh.migration)
                ? null
                : "old.url and new.url lead to databases of different migrations (" + old.migration + " and "
                        + fresh.migration + "); correct the URLs, or run dualwrite init where they are right";
    }
}
