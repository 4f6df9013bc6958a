package io.dualwrite.dialect;

import java.util.Arrays;
import java.util.List;

/** One column of a table as its database describes it. Immutable. */
public final class Column {
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

    /** Whether the default is computed for each row, and not a constant: a clock, a random value. */
    public final boolean computesDefault;

    public Column(
            String name,
            Kind kind,
            String typeName,
            boolean nullable,
            boolean computed,
            boolean generatedKey,
            boolean alwaysIdentity,
            int fractionDigits) {
        this(name, kind, typeName, nullable, computed, generatedKey, alwaysIdentity, fractionDigits, false);
    }

    private Column(
            String name,
            Kind kind,
            String typeName,
            boolean nullable,
            boolean computed,
            boolean generatedKey,
            boolean alwaysIdentity,
            int fractionDigits,
            boolean computesDefault) {
        this.name = name;
        this.kind = kind;
        this.typeName = typeName;
        this.nullable = nullable;
        this.computed = computed;
        this.generatedKey = generatedKey;
        this.alwaysIdentity = alwaysIdentity;
        this.fractionDigits = fractionDigits;
        this.computesDefault = computesDefault;
    }

    /** The same column with a default that is computed for each row. */
    Column computingDefault() {
        return new Column(name, kind, typeName, nullable, computed, generatedKey, alwaysIdentity, fractionDigits, true);
    }

    /** Everything that makes two columns alike. */
    List<Object> description() {
        return Arrays.<Object>asList(
                name, kind, typeName, nullable, computed, generatedKey, alwaysIdentity, fractionDigits);
    }

    @Override
    public String toString() {
        return name + ' ' + typeName;
    }
}
