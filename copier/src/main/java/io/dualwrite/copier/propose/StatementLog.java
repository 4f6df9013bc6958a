package io.dualwrite.copier.propose;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log of statements: plain SQL, each statement ended by a semicolon at the end of a line or by an empty line; or what the
 * server wrote with PostgreSQL's {@code log_statement} or MariaDB's general log, whose prefixes are cut off. Not thread-safe.
 */
final class StatementLog {
    private static final Pattern POSTGRES =
            Pattern.compile("^.*\\bLOG:\\s+(?:duration: [^:]*?\\s+)?(?:statement|execute [^:]*):\\s*(.*)$");
    private static final Pattern POSTGRES_OTHER =
            Pattern.compile("^.*\\b(?:LOG|DETAIL|ERROR|HINT|STATEMENT|FATAL):\\s.*$");
    private static final Pattern MARIADB = Pattern.compile("^[\\d :T.Z-]*\\t\\s*\\d+\\s+(Query|Execute)\\t(.*)$");
    private static final Pattern MARIADB_OTHER =
            Pattern.compile("^[\\d :T.Z-]*\\t\\s*\\d+\\s+[A-Z][A-Za-z ]+(\\t.*)?$");

    private final Consumer<String> reader;
    private final StringBuilder current = new StringBuilder();

    private StatementLog(Consumer<String> reader) {
        this.reader = reader;
    }

    /** Reads the file and hands over each statement. */
    static void read(Path file, Consumer<String> reader) throws IOException {
        StatementLog log = new StatementLog(reader);
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.take(line);
            }
        }
        log.end();
    }

    private void take(String line) {
        Matcher postgres = POSTGRES.matcher(line);
        Matcher mariadb = MARIADB.matcher(line);
        if (postgres.matches()) {
            begin(postgres.group(1));
        } else if (mariadb.matches()) {
            begin(mariadb.group(2));
        } else if (POSTGRES_OTHER.matcher(line).matches()
                || MARIADB_OTHER.matcher(line).matches()) {
            end();
        } else if (line.isBlank()) {
            end();
        } else {
            append(line);
        }
    }

    private void begin(String text) {
        end();
        append(text);
    }

    private void append(String line) {
        current.append(line).append('\n');
        if (line.stripTrailing().endsWith(";")) {
            end();
        }
    }

    private void end() {
        String text = current.toString().strip();
        current.setLength(0);
        if (!text.isEmpty()) {
            reader.accept(text);
        }
    }
}
