package io.dualwrite.sql;

import java.util.Collections;
import java.util.List;

/** A function that a vendor brings along, or another word that may stand before a parenthesis. Immutable. */
final class BuiltIn {
    /** The name in lower case. */
    final String name;

    final Routine routine;
    /** The name as a list of its own, which the texts that call nothing else share. */
    final List<String> alone;

    BuiltIn(String name, Routine routine) {
        this.name = name;
        this.routine = routine;
        this.alone = Collections.singletonList(name);
    }
}
