package io.dualwrite.copier.check;

import org.jspecify.annotations.Nullable;

/**
 * What the catalogue says of a column beyond its shape. Immutable.
 *
 * @param defaultValue the default's expression in a form that vendors share as far as possible, or null
 * @param length the most characters or bytes, or null
 * @param precision digits in all of a decimal, or null where it is no decimal or unbounded
 * @param scale digits behind the point, or null
 * @param collation how texts are compared
 */
record ColumnFacts(
        @Nullable String defaultValue,
        @Nullable Long length,
        @Nullable Integer precision,
        @Nullable Integer scale,
        Collation collation) {

    /**
     * How texts are compared. Immutable.
     *
     * @param name the vendor's name for it, empty for the database's own
     * @param ignoresCase whether {@code a} and {@code A} are equal
     * @param ignoresBlanks whether blanks at the end make no difference
     */
    record Collation(String name, boolean ignoresCase, boolean ignoresBlanks) {
        String described() {
            return (name.isEmpty() ? "the database's collation" : name)
                    + (ignoresCase ? ", case makes no difference" : ", case makes a difference")
                    + (ignoresBlanks ? ", nor do blanks at the end" : "");
        }
    }
}
