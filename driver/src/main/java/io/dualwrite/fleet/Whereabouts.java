package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the instance says of where it stands and what it waits for, in words for an operator: logged when it changes, and published in
 * the registry and by its MBean. Told by one thread, read by any.
 */
final class Whereabouts {
    private static final Logger LOG = LoggerFactory.getLogger(Whereabouts.class);

    private final SettingsFile file;
    private final Standing standing;
    private volatile @Nullable String waitsFor;
    /** Why the registry cannot be used, as it was logged; null where it can. */
    private @Nullable String trouble;

    Whereabouts(SettingsFile file, Standing standing) {
        this.file = file;
        this.standing = standing;
    }

    /** Why the file's wish is not yet met, in one sentence; null where it is. */
    @Nullable
    String waitsFor() {
        return waitsFor;
    }

    /** A file that is not in force is told before what it waits for: the instance is not where that file's writer thinks. */
    @Nullable
    String heldUpBy() {
        String refused = file.trouble();
        String waits = waitsFor;
        if (refused == null) {
            return waits;
        }
        return "its file is not in force (" + refused + ")" + (waits == null ? "" : "; " + waits);
    }

    /** Says the sentence, or that nothing is waited for where it is null. */
    void say(@Nullable String sentence) {
        if (sentence != null && !sentence.equals(waitsFor)) {
            LOG.info("Instance {}: {}", settings().instance, sentence);
        }
        waitsFor = sentence;
    }

    /**
     * Says why no further step is taken.
     *
     * @param reason in words that follow "asked for …, stands on …"
     */
    void waitsFor(String reason) {
        say(sentence(reason));
    }

    /** Says that {@code dualwrite init} is to be run, where the file asks for more than one database alone. */
    void lacksTables() {
        say(
                asked() < 2
                        ? null
                        : sentence("the dualwrite_* tables are missing on "
                                + authority().word() + "; run dualwrite init -c " + file.path()));
    }

    /** The registry of the authority answers. */
    void reaches() {
        if (trouble != null) {
            LOG.info("The registry on {} answers again", authority().word());
            trouble = null;
        }
    }

    /** The registry of the authority cannot be used. */
    void failsToReach(SQLException failure) {
        String reason = failure instanceof NameTakenException
                ? String.valueOf(failure.getMessage())
                : "the registry on " + authority().word() + " cannot be used (" + failure.getMessage() + ")";
        waitsFor = sentence(reason);
        if (!reason.equals(trouble)) {
            LOG.warn("Instance {} stays on {}: {}", settings().instance, standing.rung(), reason);
            trouble = reason;
        }
    }

    private String sentence(String reason) {
        return "asked for " + asked() + ", stands on " + standing.rung() + ": " + reason;
    }

    private int asked() {
        return settings().phase.number();
    }

    private Side authority() {
        return standing.rung().authority();
    }

    private Settings settings() {
        return file.settings();
    }
}
