package io.dualwrite.model;

import java.util.EnumSet;
import java.util.Set;

/** Which rules hold in a scenario. Immutable. */
record Rules(Set<Rule> off) {
    static final Rules ALL = new Rules(EnumSet.noneOf(Rule.class));

    static Rules without(Rule rule, Rule... others) {
        return new Rules(EnumSet.of(rule, others));
    }

    boolean hold(Rule rule) {
        return !off.contains(rule);
    }

    boolean lack(Rule rule) {
        return off.contains(rule);
    }
}
