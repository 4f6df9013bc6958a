package io.dualwrite.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of statements, {@code statements.txt}. A case has two lines: the flavours' first letters and the text, in which
 * {@code \n} is a new line; then, indented, what {@link Classification#toString} must say.
 */
final class StatementTable {

    /** One text in one flavour. */
    static final class Case {
        final SqlFlavour flavour;
        final String sql;
        final String expected;

        Case(SqlFlavour flavour, String sql, String expected) {
            this.flavour = flavour;
            this.sql = sql;
            this.expected = expected;
        }

        @Override
        public String toString() {
            return flavour + ": " + sql;
        }
    }

    private StatementTable() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        try (InputStream stream = StatementTable.class.getResourceAsStream("statements.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String text = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(" ")) {
                    add(cases, text, line.trim());
                    text = null;
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    if (text != null) {
                        throw new IllegalStateException("nothing is expected of " + text);
                    }
                    text = line;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static void add(List<Case> cases, String text, String expected) {
        int space = text.indexOf(' ');
        String sql = text.substring(space + 1).replace("\\n", "\n");
        for (char letter : text.substring(0, space).toCharArray()) {
            cases.add(new Case(flavour(letter), sql, expected));
        }
    }

    private static SqlFlavour flavour(char letter) {
        for (SqlFlavour flavour : SqlFlavour.values()) {
            if (flavour.name().charAt(0) == letter) {
                return flavour;
            }
        }
        throw new IllegalStateException("no flavour begins with " + letter);
    }
}
