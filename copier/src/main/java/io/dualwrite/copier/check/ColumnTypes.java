package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import org.jspecify.annotations.Nullable;

/** Values of each column can be carried over, and back again. */
final class ColumnTypes implements TableCheck {
    private final boolean sameVendor;

    ColumnTypes(boolean sameVendor) {
        this.sameVendor = sameVendor;
    }

    @Override
    public String name() {
        return "types";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        pair.eachColumn((from, to) -> {
            if (!from.computed && !to.computed) {
                largeObjects(pair, from, findings);
                composites(pair, from, to, findings);
                kinds(pair, from, to, findings);
                sizes(pair, from, to, findings);
            }
        });
    }

    /** PostgreSQL's large objects lie beside the tables: a row has nothing but their number. */
    private static void largeObjects(TablePair pair, Column from, Findings findings) {
        if (from.typeName.equalsIgnoreCase("oid") || from.typeName.equalsIgnoreCase("lo")) {
            findings.problem(
                    TablePair.lower(from) + " is " + from.typeName + " on " + pair.source()
                            + ": where it names a large object, only its number goes over, not the object",
                    "keep the bytes in a bytea column on both sides; where it names no large object, make it a bigint");
        }
    }

    /** H2 reads the text of an array or a row as one value. */
    private static void composites(TablePair pair, Column from, Column to, Findings findings) {
        boolean onTarget = !isComposite(from);
        Column composite = onTarget ? to : from;
        if (isComposite(composite)) {
            findings.problem(
                    TablePair.lower(composite) + " is " + composite.typeName + " on "
                            + (onTarget ? pair.target() : pair.source())
                            + ": H2 takes no such value from its text, and rows that hold one are not carried over",
                    "keep it as JSON on both sides, or leave the table out: on neither list, with unlisted = refuse");
        }
    }

    /** The names are H2's: PostgreSQL's arrays are named by their elements, and their texts read as what they are. */
    private static boolean isComposite(Column column) {
        return column.kind == Kind.OTHER && (column.typeName.equals("ARRAY") || column.typeName.equals("ROW"));
    }

    private void kinds(TablePair pair, Column from, Column to, Findings findings) {
        Types.Way up = Types.way(from.kind, to.kind, sameVendor);
        Types.Way down = Types.way(to.kind, from.kind, sameVendor);
        String what = TablePair.lower(from) + " is " + from.typeName + " on " + pair.source() + " and " + to.typeName
                + " on " + pair.target();
        if (up == Types.Way.NONE || down == Types.Way.NONE) {
            findings.problem(
                    what + ": values cannot be carried over " + (up == Types.Way.NONE ? "" : "on the way back"),
                    "give both sides types of the same kind");
        } else if (up == Types.Way.SOME) {
            findings.problem(
                    what + ": values that do not fit are refused on " + pair.target(),
                    "give " + pair.target() + " a type that takes them all");
        } else if (down == Types.Way.SOME) {
            findings.note(
                    what + ": on the way back, values that do not fit are refused on " + pair.source(),
                    "see to it that the application writes only what fits both");
        } else if (from.kind != to.kind && (from.kind == Kind.TIMESTAMP || to.kind == Kind.TIMESTAMP)) {
            findings.note(
                    what + ": a time without zone counts as UTC",
                    "start every instance with -Duser.timezone=UTC, or see Time zones in docs/operating.md, or give both sides"
                            + " the same type");
        }
    }

    private void sizes(TablePair pair, Column from, Column to, Findings findings) {
        if (from.kind != to.kind) {
            return;
        }
        ColumnFacts one = pair.from().of(from);
        ColumnFacts other = pair.to().of(to);
        if (from.kind == Kind.INTEGER) {
            compare(pair, from, "bits", Types.bits(from), Types.bits(to), findings);
        } else if (from.kind == Kind.TEXT || from.kind == Kind.BINARY) {
            String unit = from.kind == Kind.TEXT ? "characters" : "bytes";
            compare(pair, from, unit, orMost(one.length()), orMost(other.length()), findings);
        } else if (from.kind == Kind.DECIMAL) {
            compare(pair, from, "digits before the point", whole(one), whole(other), findings);
            compare(pair, from, "digits behind the point", behind(one), behind(other), findings);
        } else if (to.fractionDigits < from.fractionDigits) {
            findings.note(
                    TablePair.lower(from) + " keeps " + to.fractionDigits + " digits of the second on " + pair.target()
                            + " and " + from.fractionDigits + " on " + pair.source() + ": the others are cut off",
                    "give " + pair.target() + " as many, if somebody needs them");
        }
    }

    private static void compare(TablePair pair, Column column, String unit, long from, long to, Findings findings) {
        String what = TablePair.lower(column) + " takes " + text(from) + " " + unit + " on " + pair.source() + " and "
                + text(to) + " on " + pair.target();
        if (to < from) {
            findings.problem(what + ": longer values are refused on " + pair.target(), "widen it on " + pair.target());
        } else if (from < to) {
            findings.note(
                    what + ": on the way back, longer values are refused on " + pair.source(),
                    "widen it on " + pair.source() + " as well, or see to it that nobody writes them");
        }
    }

    private static String text(long size) {
        return size == Long.MAX_VALUE ? "any number of" : Long.toString(size);
    }

    private static long orMost(@Nullable Long length) {
        return length == null || length <= 0 || length >= 1_000_000_000L ? Long.MAX_VALUE : length;
    }

    private static long whole(ColumnFacts facts) {
        Integer precision = facts.precision();
        Integer scale = facts.scale();
        return precision == null || precision >= 100_000 ? Long.MAX_VALUE : precision - (scale == null ? 0 : scale);
    }

    private static long behind(ColumnFacts facts) {
        Integer scale = facts.scale();
        return facts.precision() == null ? Long.MAX_VALUE : scale == null ? 0 : scale;
    }
}
