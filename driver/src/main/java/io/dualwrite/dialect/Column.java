package io.dualwrite.dialect;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** One column of a table as its database describes it. Immutable. */
public final class Column {
    /** A DECIMAL keeps as many digits behind the point as it is given. */
    public static final int ANY_DIGITS = Integer.MAX_VALUE;

    /** The name as the catalogue spells it. */
    public final String name;
    /** The canonical type of its values. */
    public final Kind kind;
    /** The vendor's type name, for casts and messages. */
    public final String typeName;
    /** Whether NULL is allowed. */
    public final boolean nullable;
    /** Whether the value is computed from other columns, so that it can be read but never written. */
    public final boolean computed;
    /** Whether the database generates the value: identity, AUTO_INCREMENT, serial. */
    public final boolean generatedKey;
    /** Whether an explicit value must be forced in: GENERATED ALWAYS AS IDENTITY. */
    public final boolean alwaysIdentity;
    /** Number of digits after the second that the column keeps, 0 to 9, for the three time kinds; 0 otherwise. */
    public final int fractionDigits;
    /** Number of digits behind the point that a number keeps, negative where it rounds before it; {@link #ANY_DIGITS} for all. */
    public final int decimals;
    /** Whether the default is computed for each row, and not a constant: a clock, a random value. */
    public final boolean computesDefault;
    /** The user's own functions that the default calls and that may write; empty for nearly every column. */
    public final List<String> calledByDefault;

    private Column(Builder builder) {
        this.name = builder.name;
        this.kind = builder.kind;
        this.typeName = builder.typeName;
        this.nullable = builder.nullable;
        this.computed = builder.computed;
        this.generatedKey = builder.generatedKey;
        this.alwaysIdentity = builder.alwaysIdentity;
        this.fractionDigits = builder.fractionDigits;
        this.decimals = builder.decimals;
        this.computesDefault = builder.computesDefault;
        this.calledByDefault = builder.calledByDefault;
    }

    /** A column that is NOT NULL, without fraction digits and given its values by INSERT, as long as nothing else is said. */
    public static Builder named(String name, Kind kind, String typeName) {
        return new Builder(name, kind, typeName);
    }

    /** Takes what a catalogue says of a column, each under the name of {@link Column}'s field. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Kind kind;
        private final String typeName;
        private boolean nullable;
        private boolean computed;
        private boolean generatedKey;
        private boolean alwaysIdentity;
        private int fractionDigits;
        private int decimals = ANY_DIGITS;
        private boolean computesDefault;
        private List<String> calledByDefault = Collections.emptyList();

        private Builder(String name, Kind kind, String typeName) {
            this.name = name;
            this.kind = kind;
            this.typeName = typeName;
        }

        public Builder nullable(boolean is) {
            nullable = is;
            return this;
        }

        public Builder computed(boolean is) {
            computed = is;
            return this;
        }

        public Builder generatedKey(boolean is) {
            generatedKey = is;
            return this;
        }

        public Builder alwaysIdentity(boolean is) {
            alwaysIdentity = is;
            return this;
        }

        public Builder fractionDigits(int digits) {
            fractionDigits = digits;
            return this;
        }

        public Builder decimals(int digits) {
            decimals = digits;
            return this;
        }

        public Builder computesDefault(boolean does) {
            computesDefault = does;
            return this;
        }

        public Builder calledByDefault(List<String> functions) {
            calledByDefault = Collections.unmodifiableList(functions);
            return this;
        }

        public Column build() {
            return new Column(this);
        }
    }

    /**
     * Whether a row image holds its text, for what PostgreSQL's driver makes of the value when the server sends it in binary is another: of
     * arrays and times with a zone.
     */
    public boolean isReadAsText() {
        return kind == Kind.OTHER && (typeName.endsWith("[]") || typeName.equals("time with time zone"));
    }

    /** Everything that makes two columns alike. */
    List<Object> description() {
        return Arrays.<Object>asList(
                name,
                kind,
                typeName,
                nullable,
                computed,
                generatedKey,
                alwaysIdentity,
                fractionDigits,
                decimals,
                calledByDefault);
    }

    @Override
    public String toString() {
        return name + ' ' + typeName;
    }
}
