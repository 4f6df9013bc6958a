package io.dualwrite.copier.convert;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.Vendor;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The one order of a table's keys on both sides and here. Numbers, times and bytes are ordered alike by every vendor; text
 * is not, for each database has collations of its own, so text is ordered by the bytes of its UTF-8 form, whatever the
 * columns' collations are. Immutable and thread-safe.
 */
public final class KeyOrder implements Comparator<RowKey> {

    /** How one key column is ordered. */
    public enum Rule {
        /** As the column itself is: an index helps. */
        NATIVE,
        /** By the bytes of the text. */
        TEXT,
        /** By the bytes of the text in lower case, for UUIDs that are text on one side. */
        LOWER_TEXT
    }

    private final List<Rule> rules;

    private KeyOrder(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The order in which both sides of the table are read. */
    public static KeyOrder of(TablePlan table, Vendor source, Vendor target) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < table.sourceKey().size(); i++) {
            rules.add(rule(table.sourceKey().get(i), source, table.targetKey().get(i), target));
        }
        return new KeyOrder(rules);
    }

    private static Rule rule(Column one, Vendor oneVendor, Column other, Vendor otherVendor) {
        if (one.kind == Kind.UUID || other.kind == Kind.UUID) {
            boolean alike = one.kind == other.kind && oneVendor != Vendor.MARIADB && otherVendor != Vendor.MARIADB;
            return alike ? Rule.NATIVE : Rule.LOWER_TEXT;
        }
        return isText(one.kind) || isText(other.kind) ? Rule.TEXT : Rule.NATIVE;
    }

    private static boolean isText(Kind kind) {
        return kind == Kind.TEXT || kind == Kind.JSON || kind == Kind.OTHER;
    }

    /** The rule of each key column, in key order. */
    public List<Rule> rules() {
        return rules;
    }

    /** Whether the order is that of the key's own index on both sides, so that a scan may stop and go on anywhere. */
    public boolean indexed() {
        return rules.stream().allMatch(rule -> rule == Rule.NATIVE);
    }

    @Override
    public int compare(RowKey one, RowKey other) {
        for (int i = 0; i < rules.size(); i++) {
            int order = compare(rules.get(i), one.values[i], other.values[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(Rule rule, Object one, Object other) {
        return switch (rule) {
            case TEXT -> compareCodePoints(one.toString(), other.toString());
            case LOWER_TEXT -> compareCodePoints(text(one), text(other));
            case NATIVE -> compareNative(one, other);
        };
    }

    private static String text(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private static int compareNative(Object one, Object other) {
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof byte[] a && other instanceof byte[] b) {
            return Arrays.compareUnsigned(a, b);
        }
        if (one instanceof UUID a && other instanceof UUID b) {
            int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
            return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
        }
        if (isNumber(one) && isNumber(other)) {
            return number(one).compareTo(number(other));
        }
        return compareTimes(one, other);
    }

    @SuppressWarnings("unchecked")
    private static int compareTimes(Object one, Object other) {
        Object a = one instanceof OffsetDateTime time ? time.toLocalDateTime() : one;
        Object b = other instanceof OffsetDateTime time ? time.toLocalDateTime() : other;
        return ((Comparable<Object>) a).compareTo(b);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private static BigDecimal number(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        return value instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal(value.toString());
    }

    /** The order of UTF-8 bytes, which is that of code points and not that of UTF-16 units. */
    private static int compareCodePoints(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean aHigh = Character.isSurrogate(a);
                boolean bHigh = Character.isSurrogate(b);
                return aHigh == bHigh ? Character.compare(a, b) : aHigh ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
