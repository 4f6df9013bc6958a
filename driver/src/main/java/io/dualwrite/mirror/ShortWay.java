package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Rung;
import org.jspecify.annotations.Nullable;

/**
 * What spares a statement all looks but one on a rung with one leg: the leg as the statement before found it, by the rung and the
 * settings of that moment.
 *
 * <p>Used by one thread at a time.
 */
final class ShortWay {
    private final Mirroring shared;
    private final PinnedRung rung;
    private @Nullable Leg leg;
    private @Nullable Rung foundOn;
    private @Nullable Settings foundBy;

    /** Not known yet. */
    ShortWay(Mirroring shared, PinnedRung rung) {
        this.shared = shared;
        this.rung = rung;
    }

    /** The leg on which {@link #pin} would begin, unless something has changed; or null. */
    @Nullable
    Leg leg() {
        return leg;
    }

    /** Whether {@link #pin} would begin on the leg, as far as the rung says. */
    boolean leadsTo(Leg wanted) {
        return wanted == leg && rung.now() == foundOn;
    }

    /** The leg is all that the rung uses. */
    void found(Leg alone, Settings settings) {
        leg = alone;
        foundOn = rung.now();
        foundBy = settings;
    }

    void forget() {
        leg = null;
    }

    /**
     * Pins the rung on which the leg was found.
     *
     * @return the leg, or null where it is not known or something has changed since, and nothing is pinned that was not
     */
    @Nullable
    Leg pin() {
        Leg found = leg;
        if (found == null || shared.settings.get() != foundBy) {
            return null;
        }
        boolean stands = rung.isPinned() ? rung.now() == foundOn : rung.pinOn(foundOn);
        return stands ? found : null;
    }
}
