package io.dualwrite.copier.cli;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.plan.WrongInput;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code -c FILE}, for every command that works on a migration. */
public final class FileOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The properties file: the application's own, or one with the copier's own users.")
    private Path file = Path.of("dualwrite.properties");

    /** The file's path. */
    public Path path() {
        return file;
    }

    /**
     * Reads the file.
     *
     * @throws WrongInput with all that is wrong with it
     */
    public Settings settings() {
        try {
            return SettingsFile.open(file).settings();
        } catch (SettingsException wrong) {
            throw new WrongInput(String.join(System.lineSeparator(), wrong.problems()), wrong);
        }
    }
}
