package io.dualwrite.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions that a vendor brings along, from the lists {@code routines-*.txt} beside this class: a line
 * {@code [section]}, then names in any number of lines; {@code #} begins a comment. Immutable and thread-safe.
 */
final class BuiltIns {
    private static final String BARE = "BARE_";
    private static final Map<SqlFlavour, BuiltIns> ALL = new EnumMap<>(SqlFlavour.class);

    static {
        for (SqlFlavour flavour : SqlFlavour.values()) {
            ALL.put(flavour, new BuiltIns(flavour));
        }
    }

    private final WordTable<BuiltIn> routines;
    private final WordTable<Routine> bareWords;

    private BuiltIns(SqlFlavour flavour) {
        Map<String, BuiltIn> called = new HashMap<>();
        Map<String, Routine> bare = new HashMap<>();
        load("routines-common.txt", called, bare);
        load("routines-" + flavour.name().toLowerCase(Locale.ROOT) + ".txt", called, bare);
        routines = new WordTable<>(called);
        bareWords = new WordTable<>(bare);
    }

    static BuiltIns of(SqlFlavour flavour) {
        BuiltIns builtIns = ALL.get(flavour);
        if (builtIns == null) {
            throw new AssertionError(flavour);
        }
        return builtIns;
    }

    /** Whether a vendor's list has the name, which is in lower case. */
    static boolean isOne(String name) {
        char[] letters = name.toCharArray();
        for (BuiltIns one : ALL.values()) {
            if (one.routines.get(letters, 0, letters.length) != null) {
                return true;
            }
        }
        return false;
    }

    /** What is known of the function whose name is the token, or null. */
    @Nullable
    BuiltIn called(Tokens tokens, int index) {
        int quote = tokens.kind(index) == Tokens.WORD ? 0 : 1;
        return routines.get(tokens.chars, tokens.start(index) + quote, tokens.end(index) - quote);
    }

    /** What is known of the token where no parenthesis follows: {@code CURRENT_TIMESTAMP}; or null. */
    @Nullable
    Routine bareWord(Tokens tokens, int index) {
        return bareWords.get(tokens.chars, tokens.start(index), tokens.end(index));
    }

    private static void load(String resource, Map<String, BuiltIn> called, Map<String, Routine> bare) {
        try (InputStream stream = BuiltIns.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is missing beside " + BuiltIns.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII));
            String section = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    section = line.substring(1, line.indexOf(']'));
                } else if (!line.startsWith("#")) {
                    addAll(line, section, called, bare);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addAll(String line, String section, Map<String, BuiltIn> called, Map<String, Routine> bare) {
        for (String name : line.trim().split(" +")) {
            if (name.isEmpty()) {
                continue;
            }
            if (section.startsWith(BARE)) {
                bare.put(name, Routine.valueOf(section.substring(BARE.length())));
            } else {
                called.put(name, new BuiltIn(name, Routine.valueOf(section)));
            }
        }
    }
}
