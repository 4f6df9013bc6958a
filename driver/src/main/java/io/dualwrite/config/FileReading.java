package io.dualwrite.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the file found: its entries with {@code ${env:…}} and {@code ${file:…}} filled in, and what was wrong.
 * Two readings are equal where the settings made from them would be. Immutable.
 */
final class FileReading {
    private final String file;
    private final Map<String, String> entries;
    private final List<String> problems;

    private FileReading(String file, Map<String, String> entries, List<String> problems) {
        this.file = file;
        this.entries = Collections.unmodifiableMap(entries);
        this.problems = Collections.unmodifiableList(problems);
    }

    /** Reads the file and what it refers to. */
    static FileReading of(Path path, Function<String, @Nullable String> environment) {
        List<String> problems = new ArrayList<>();
        Map<String, String> entries = new TreeMap<>();
        String text = text(path, problems);
        if (text != null) {
            for (Map.Entry<String, String> entry : load(path, text, problems).entrySet()) {
                String value = filledIn(path, entry, environment, problems);
                if (value != null) {
                    entries.put(entry.getKey(), value);
                }
            }
        }
        return new FileReading(path.toString(), entries, problems);
    }

    /** The settings of this reading. */
    Settings settings() throws SettingsException {
        if (entries.isEmpty() && !problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return SettingsParser.parse(file, entries, problems);
    }

    private static @Nullable String text(Path path, List<String> problems) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            String text = decode(bytes);
            if (text.trim().isEmpty()) {
                problems.add(path + ": the file is empty; it needs at least phase, old.url and new.url");
                return null;
            }
            return text;
        } catch (NoSuchFileException e) {
            problems.add(path + ": there is no such file");
        } catch (AccessDeniedException e) {
            problems.add(path + ": the file may not be read by user " + System.getProperty("user.name"));
        } catch (CharacterCodingException e) {
            problems.add(path + ": the file is not in UTF-8");
        } catch (IOException e) {
            problems.add(path + ": the file cannot be read (" + e.getMessage() + ")");
        }
        return null;
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static Map<String, String> load(Path path, String text, List<String> problems) {
        Map<String, String> found = new TreeMap<>();
        Properties properties = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized @Nullable Object put(Object key, Object value) {
                if (found.put((String) key, ((String) value).trim()) != null) {
                    problems.add(path + ": " + key + " stands in the file twice");
                }
                return super.put(key, value);
            }
        };
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException | IOException e) {
            problems.add(path + ": the file is malformed (" + e.getMessage() + ")");
        }
        return found;
    }

    private static @Nullable String filledIn(
            Path path,
            Map.Entry<String, String> entry,
            Function<String, @Nullable String> environment,
            List<String> problems) {
        String value = entry.getValue();
        StringBuilder filled = new StringBuilder();
        int from = 0;
        while (true) {
            int start = value.indexOf("${", from);
            if (start < 0) {
                return filled.append(value, from, value.length()).toString();
            }
            int end = value.indexOf('}', start);
            String reference = end < 0 ? "" : value.substring(start + 2, end);
            try {
                filled.append(value, from, start).append(referred(reference, environment));
            } catch (IllegalArgumentException e) {
                problems.add(path + ": " + entry.getKey() + " " + e.getMessage());
                return null;
            }
            from = end + 1;
        }
    }

    private static String referred(String reference, Function<String, @Nullable String> environment) {
        if (reference.startsWith("env:")) {
            String found = environment.apply(reference.substring(4));
            if (found == null) {
                throw new IllegalArgumentException(
                        "refers to the environment variable " + reference.substring(4) + ", which is not set");
            }
            return found;
        }
        if (reference.startsWith("file:")) {
            String name = reference.substring(5);
            try {
                return decode(Files.readAllBytes(Paths.get(name))).replaceAll("[\r\n]+$", "");
            } catch (IOException | InvalidPathException e) {
                throw new IllegalArgumentException("refers to the file " + name + ", which cannot be read", e);
            }
        }
        throw new IllegalArgumentException("has a ${…} that is neither ${env:NAME} nor ${file:/path}");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileReading
                && entries.equals(((FileReading) other).entries)
                && problems.equals(((FileReading) other).problems);
    }

    @Override
    public int hashCode() {
        return Objects.hash(entries, problems);
    }

    /** Never an entry's value, for it may be a credential. */
    @Override
    public String toString() {
        return file + " with " + entries.size() + " entries and " + problems.size() + " problems";
    }
}
