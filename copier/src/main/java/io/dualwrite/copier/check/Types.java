package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which values of one kind can be carried over to another. */
final class Types {

    /** How far a value goes. */
    enum Way {
        /** Every value has a counterpart. */
        ALL,
        /** Some values have one, others are refused. */
        SOME,
        /** No value has one. */
        NONE
    }

    private static final Set<Kind> NUMBERS =
            EnumSet.of(Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.REAL, Kind.DOUBLE);
    private static final Set<Kind> MOMENTS = EnumSet.of(Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMP_TZ);

    /** What takes all values of the key's kind, beside that kind itself and texts. */
    private static final Map<Kind, Set<Kind>> WIDER = Map.of(
            Kind.BOOLEAN, EnumSet.of(Kind.INTEGER, Kind.DECIMAL, Kind.REAL, Kind.DOUBLE),
            Kind.INTEGER, EnumSet.of(Kind.DECIMAL),
            Kind.REAL, EnumSet.of(Kind.DOUBLE),
            Kind.DATE, EnumSet.of(Kind.TIMESTAMP, Kind.TIMESTAMP_TZ),
            Kind.TIMESTAMP, EnumSet.of(Kind.TIMESTAMP_TZ),
            Kind.TIMESTAMP_TZ, EnumSet.of(Kind.TIMESTAMP),
            Kind.UUID, EnumSet.of(Kind.BINARY));

    private Types() {}

    static Way way(Kind from, Kind to, boolean sameVendor) {
        if (from == Kind.OTHER || to == Kind.OTHER) {
            return from == to && sameVendor ? Way.ALL : Way.NONE;
        }
        if (from == to || WIDER.getOrDefault(from, Set.of()).contains(to)) {
            return Way.ALL;
        }
        if (to == Kind.TEXT || to == Kind.JSON) {
            return from == Kind.BINARY ? Way.NONE : to == Kind.TEXT ? Way.ALL : Way.SOME;
        }
        boolean kin = NUMBERS.contains(from) && NUMBERS.contains(to) || MOMENTS.contains(from) && MOMENTS.contains(to);
        boolean fromText = from == Kind.TEXT && to != Kind.BINARY;
        boolean uuidOfBytes = from == Kind.BINARY && to == Kind.UUID;
        return kin || fromText || uuidOfBytes ? Way.SOME : Way.NONE;
    }

    /** The bits that an integer column keeps, its sign among them; 64 where the type is not known by name. */
    static int bits(Column column) {
        String type = column.typeName.toLowerCase(Locale.ROOT);
        int unsigned = type.contains("unsigned") ? 1 : 0;
        if (type.startsWith("tinyint")) {
            return 8 + unsigned;
        }
        if (type.startsWith("smallint") || type.startsWith("year")) {
            return 16 + unsigned;
        }
        if (type.startsWith("mediumint")) {
            return 24 + unsigned;
        }
        return type.startsWith("int") ? 32 + unsigned : 64;
    }
}
