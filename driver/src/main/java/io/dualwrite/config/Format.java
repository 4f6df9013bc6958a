package io.dualwrite.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of a setting is read, and what it may be. Immutable. */
final class Format {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h)");

    /** What is allowed, fit to stand after "it is" or in the documentation's table. */
    final String allowed;

    /** Whether the text may be shown in messages. */
    final boolean secret;

    private final Function<String, Object> reader;

    private Format(String allowed, boolean secret, Function<String, Object> reader) {
        this.allowed = allowed;
        this.secret = secret;
        this.reader = reader;
    }

    /**
     * The value of the text.
     *
     * @throws IllegalArgumentException if it is not {@link #allowed}
     */
    Object read(String text) {
        return reader.apply(text);
    }

    static Format of(String allowed, Function<String, Object> reader) {
        return new Format(allowed, false, reader);
    }

    /** Any text but the empty one, never shown. */
    static Format secret(String allowed) {
        return new Format(allowed, true, text -> text);
    }

    static Format word(String allowed, Pattern shape) {
        return of(allowed, text -> {
            check(shape.matcher(text).matches());
            return text;
        });
    }

    /** A JDBC URL of a vendor; never shown, for it may hold a password. */
    static Format url() {
        return new Format("a JDBC URL of the vendor's own driver, such as jdbc:postgresql://host/name", true, text -> {
            check(text.startsWith("jdbc:") && !text.startsWith("jdbc:dualwrite:") && text.length() > 6);
            return text;
        });
    }

    static Format count(int least, int most) {
        return of("a whole number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            check(number >= least && number <= most);
            return number;
        });
    }

    /** A duration with its unit; the bounds are such durations too. */
    static Format duration(String least, String most) {
        long from = millis(least);
        long to = millis(most);
        return of("a duration from " + least + " to " + most + ", with its unit (ms, s, min, h)", text -> {
            long millis = millis(text);
            check(millis >= from && millis <= to);
            return Duration.ofMillis(millis);
        });
    }

    static <E extends Enum<E>> Format choice(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            words.add(word(constant));
        }
        return of("one of " + String.join(", ", words), text -> {
            for (E constant : type.getEnumConstants()) {
                if (word(constant).equals(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException(text);
        });
    }

    /** Table names separated by commas. */
    static Format tables() {
        return of("table names separated by commas, each NAME or SCHEMA.NAME, with * for any characters", text -> {
            List<TablePattern> patterns = new ArrayList<>();
            for (String part : text.isEmpty() ? Collections.<String>emptyList() : Arrays.asList(text.split(",", -1))) {
                patterns.add(TablePattern.parse(part.trim()));
            }
            return Collections.unmodifiableList(patterns);
        });
    }

    /** Names separated by commas, compared without regard to case. */
    static Format names() {
        return of("users, application names or addresses, separated by commas", text -> {
            List<String> names = new ArrayList<>();
            for (String part : text.split(",")) {
                if (!part.trim().isEmpty()) {
                    names.add(part.trim().toLowerCase(Locale.ROOT));
                }
            }
            return Collections.unmodifiableList(names);
        });
    }

    private static <E extends Enum<E>> String word(E constant) {
        return constant.name().length() == 1 ? constant.name() : constant.name().toLowerCase(Locale.ROOT);
    }

    private static long millis(String text) {
        Matcher matcher = DURATION.matcher(text);
        check(matcher.matches());
        long number = Long.parseLong(matcher.group(1));
        switch (matcher.group(2)) {
            case "ms":
                return number;
            case "s":
                return Duration.ofSeconds(number).toMillis();
            case "min":
                return Duration.ofMinutes(number).toMillis();
            default:
                return Duration.ofHours(number).toMillis();
        }
    }

    private static void check(boolean allowed) {
        if (!allowed) {
            throw new IllegalArgumentException();
        }
    }
}
