package io.dualwrite.copier.check;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Brings the vendors' spellings of a default into one. */
final class Defaults {
    private static final Pattern CAST = Pattern.compile("::[a-z_ ]+(\\(\\d+(,\\d+)?\\))?(\\[])?");
    private static final Pattern PRECISION = Pattern.compile("\\(\\d?\\)$");
    private static final Set<String> NOW =
            Set.of("current_timestamp", "now", "localtimestamp", "localtime", "transaction_timestamp");

    private Defaults() {}

    /** The default in the common spelling; null where there is none. */
    static @Nullable String normal(@Nullable String expression) {
        if (expression == null) {
            return null;
        }
        String text = expression.strip();
        if (text.isEmpty() || text.toLowerCase(Locale.ROOT).startsWith("null")) {
            return null;
        }
        String literal = literal(text);
        if (literal != null) {
            return plain(literal);
        }
        String lower = CAST.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        while (lower.startsWith("(") && lower.endsWith(")")) {
            lower = lower.substring(1, lower.length() - 1).strip();
        }
        String name = PRECISION.matcher(lower).replaceAll("");
        return NOW.contains(name) ? "current_timestamp" : plain(lower);
    }

    /** What stands between single quotes, where the default is nothing but that and perhaps a cast. */
    private static @Nullable String literal(String text) {
        int end = text.lastIndexOf('\'');
        if (!text.startsWith("'") || end <= 0) {
            return null;
        }
        String rest =
                CAST.matcher(text.substring(end + 1).toLowerCase(Locale.ROOT)).replaceAll("");
        return rest.isBlank() ? text.substring(1, end).replace("''", "'") : null;
    }

    private static String plain(String value) {
        return switch (value) {
            case "true", "b'1'" -> "1";
            case "false", "b'0'" -> "0";
            default -> number(value);
        };
    }

    private static String number(String value) {
        try {
            return new BigDecimal(value).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException noNumber) {
            return value;
        }
    }
}
