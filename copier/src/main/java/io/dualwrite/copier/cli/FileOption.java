package io.dualwrite.copier.cli;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.plan.WrongInput;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
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

    /** The names and patterns that the file's {@code dataA} and {@code dataB} give, as they are spelt there. */
    Set<String> listedNames() throws IOException {
        Properties entries = new Properties();
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            entries.load(text);
        }
        Set<String> names = new TreeSet<>();
        for (String key : List.of("dataA", "dataB")) {
            for (String name : entries.getProperty(key, "").split(",", -1)) {
                if (!name.isBlank() && !name.contains("${")) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }
}
