package io.dualwrite.config;

import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The properties file and its last good settings. It is looked at by content, again and again, so that an atomic rename and
 * a swapped symlink both work. A change is adopted only when two looks in a row agree and the whole file is valid; anything
 * else keeps the last good settings and is said once.
 *
 * <p>{@link #settings} may be called by any thread, {@link #poll} by one.
 */
public final class SettingsFile {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);

    /** Refuses a change that is valid in itself. */
    public interface Veto {
        /**
         * Why the change may not be adopted now, in one sentence, or null where it may.
         *
         * @param current the settings in force
         * @param next the valid settings that the file holds now
         */
        @Nullable
        String against(Settings current, Settings next);
    }

    private final Path path;
    private final Function<String, @Nullable String> environment;
    private FileReading adopted;
    private @Nullable FileReading seen;
    private volatile Settings settings;
    private volatile @Nullable String trouble;

    private SettingsFile(Path path, Function<String, @Nullable String> environment) throws SettingsException {
        this.path = path;
        this.environment = environment;
        adopted = FileReading.of(path, environment);
        settings = adopted.settings();
    }

    /**
     * Reads the file.
     *
     * @throws SettingsException with everything that is wrong with it
     */
    public static SettingsFile open(Path path) throws SettingsException {
        return open(path, System::getenv);
    }

    /**
     * Reads the file.
     *
     * @param environment what {@code ${env:NAME}} stands for
     * @throws SettingsException with everything that is wrong with it
     */
    public static SettingsFile open(Path path, Function<String, @Nullable String> environment)
            throws SettingsException {
        return new SettingsFile(path, environment);
    }

    /** The file's path, as it was given. */
    public Path path() {
        return path;
    }

    /** The settings in force: those of the last look that was whole, valid and seen twice. */
    public Settings settings() {
        return settings;
    }

    /** Why the file as it is now is not in force, in one sentence; null where it is. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Looks at the file. Returns whether new settings are in force now. */
    public boolean poll() {
        return poll((current, next) -> null);
    }

    /** Looks at the file, with a last word on a valid change. Returns whether new settings are in force now. */
    public boolean poll(Veto veto) {
        FileReading reading = FileReading.of(path, environment);
        boolean settled = reading.equals(seen);
        seen = reading;
        if (reading.equals(adopted)) {
            if (trouble != null) {
                LOG.info("{} is again what is in force: phase {}", path, settings.phase.number());
                trouble = null;
            }
            return false;
        }
        return settled && adopt(reading, veto);
    }

    private boolean adopt(FileReading reading, Veto veto) {
        Settings next;
        try {
            next = reading.settings();
        } catch (SettingsException e) {
            keep(String.join("; ", e.problems()));
            return false;
        }
        String against = needsRestart(settings, next);
        if (against == null) {
            against = veto.against(settings, next);
        }
        if (against != null) {
            keep(path + ": " + against);
            return false;
        }
        if (next.phase != settings.phase) {
            LOG.info("{}: phase changed from {} to {}", path, settings.phase.number(), next.phase.number());
        } else {
            LOG.info("{}: changed settings are in force", path);
        }
        adopted = reading;
        settings = next;
        trouble = null;
        return true;
    }

    /** The instance's name and its databases are what its running connections and its row in the registry hang on. */
    private static @Nullable String needsRestart(Settings current, Settings next) {
        if (!next.instance.equals(current.instance)) {
            return "instance changed from " + current.instance + " to " + next.instance + ", which needs a restart";
        }
        for (Side side : Side.values()) {
            if (!next.url(side).equals(current.url(side))) {
                return side.word() + ".url changed, which needs a restart";
            }
        }
        return null;
    }

    private void keep(String reason) {
        if (!reason.equals(trouble)) {
            LOG.warn("{}. The last good settings stay in force: phase {}", reason, settings.phase.number());
            trouble = reason;
        }
    }
}
