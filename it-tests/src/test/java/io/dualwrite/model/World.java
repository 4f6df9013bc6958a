package io.dualwrite.model;

import java.util.Set;

/**
 * What holds for all actors of a scenario. Immutable.
 *
 * @param mostFaults how many faults there may be in one run
 * @param mixed whether some instances commit old first and some new
 */
record World(Servers servers, Rules rules, Set<Fault> faults, int mostFaults, boolean mixed) {
    boolean mayFail(State now, Fault fault) {
        return now.faults() < mostFaults && faults.contains(fault);
    }
}
