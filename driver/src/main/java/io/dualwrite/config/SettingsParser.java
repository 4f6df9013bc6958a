package io.dualwrite.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the entries of a file into settings, or says everything that is wrong with them. */
final class SettingsParser {
    /** Keys further apart than this are no typing error. */
    private static final int TYPO = 3;

    private final String file;
    private final Map<String, String> entries;
    private final List<String> problems;
    private final ValidValues values = new ValidValues();

    private SettingsParser(String file, Map<String, String> entries, List<String> problems) {
        this.file = file;
        this.entries = entries;
        this.problems = new ArrayList<>(problems);
    }

    /**
     * Reads the entries.
     *
     * @param file the file's name for the messages
     * @param known problems that were found before
     * @throws SettingsException with all problems, those that were known included
     */
    static Settings parse(String file, Map<String, String> entries, List<String> known) throws SettingsException {
        SettingsParser parser = new SettingsParser(file, entries, known);
        entries.keySet().forEach(parser::checkKey);
        for (Setting setting : Setting.values()) {
            if (setting.named()) {
                parser.readNamed(setting);
            } else {
                parser.read(setting);
            }
        }
        parser.checkClasses();
        if (!parser.problems.isEmpty()) {
            throw new SettingsException(parser.problems);
        }
        return new Settings(parser.values);
    }

    private void checkKey(String key) {
        Setting nearest = null;
        int distance = TYPO + 1;
        for (Setting setting : Setting.values()) {
            if (setting.named()
                    ? key.startsWith(setting.prefix())
                            && key.length() > setting.prefix().length()
                    : key.equals(setting.key())) {
                return;
            }
            int edits = edits(key.toLowerCase(Locale.ROOT), setting.key().toLowerCase(Locale.ROOT));
            if (edits < distance) {
                nearest = setting;
                distance = edits;
            }
        }
        problem("unknown key " + key + (nearest == null ? "" : "; did you mean " + nearest.key() + "?"));
    }

    private void read(Setting setting) {
        String text = entries.get(setting.key());
        if (text == null || text.isEmpty()) {
            text = setting == Setting.INSTANCE ? hostName() : setting.fallback();
            if (text == null) {
                problem(setting.key() + " is missing; it is " + setting.allowed());
                return;
            }
        }
        Object value = valid(setting, setting.key(), text);
        if (value != null) {
            values.put(setting, value);
        }
    }

    private void readNamed(Setting setting) {
        entries.forEach((key, text) -> {
            if (key.startsWith(setting.prefix())
                    && key.length() > setting.prefix().length()
                    && valid(setting, key, text) != null) {
                values.put(setting, key.substring(setting.prefix().length()), text);
            }
        });
    }

    private @Nullable Object valid(Setting setting, String key, String text) {
        try {
            return setting.read(text);
        } catch (IllegalArgumentException e) {
            String shown = setting.secret() ? "has a value that is" : "= " + text + " is";
            problem(key + " " + shown + " not allowed; it is " + setting.allowed());
            return null;
        }
    }

    /** A table belongs to one class only. */
    private void checkClasses() {
        for (TablePattern a : values.tables(Setting.DATA_A)) {
            for (TablePattern b : values.tables(Setting.DATA_B)) {
                if (a.overlaps(b)) {
                    problem(
                            a.toString().equals(b.toString())
                                    ? "table " + a
                                            + " stands in both dataA and dataB; a table belongs to one class only"
                                    : "dataA names " + a + " and dataB names " + b
                                            + ", which can be the same table; a table belongs to one class only");
                }
            }
        }
    }

    private void problem(String sentence) {
        problems.add(file + ": " + sentence);
    }

    private static @Nullable String hostName() {
        String host = System.getenv("HOSTNAME");
        if (host != null && !host.isEmpty()) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine that does not know its own name leaves the operator to give one.
            return null;
        }
    }

    /** The number of characters to insert, delete or replace. */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
