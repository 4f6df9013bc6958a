package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;

/** Whether a write has the database generate keys for its rows (R24). */
enum Generates {
    NOTHING,
    /** Only the server knows: the key's value may be given, and an upsert's row may be there. */
    PERHAPS,
    SURELY;

    static Generates of(Classification statement, TableShape table, Vendor vendor) {
        if (statement.verb() != Verb.INSERT && statement.verb() != Verb.MERGE) {
            return NOTHING;
        }
        Column key = table.generatedKey();
        return key == null ? NOTHING : of(statement, key, vendor);
    }

    private static Generates of(Classification statement, Column key, Vendor vendor) {
        boolean isGiven = statement.assigned().isEmpty();
        for (String column : statement.assigned()) {
            isGiven |= column.equalsIgnoreCase(key.name);
        }
        if (vendor == Vendor.MARIADB) {
            // A NULL is no value, and a row that is there gets no key
            return isGiven || statement.is(Trait.ON_CONFLICT) ? PERHAPS : SURELY;
        }
        // Elsewhere what is given may be DEFAULT or nextval, and an upsert takes a key before it looks for the row
        return !isGiven || statement.is(Trait.DEFAULTED) || statement.is(Trait.GENERATOR) ? SURELY : NOTHING;
    }
}
