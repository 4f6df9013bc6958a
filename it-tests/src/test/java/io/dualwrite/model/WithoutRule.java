package io.dualwrite.model;

import static io.dualwrite.ladder.Rung.DUAL_READ_NEW;
import static io.dualwrite.ladder.Rung.DUAL_READ_OLD;
import static io.dualwrite.ladder.Rung.NEW_ONLY;
import static io.dualwrite.ladder.Rung.OLD_ONLY;
import static io.dualwrite.ladder.Rung.STRICT_READ_NEW;
import static io.dualwrite.ladder.Rung.STRICT_READ_OLD;
import static io.dualwrite.model.Deed.Kind.ADD;
import static io.dualwrite.model.Deed.Kind.ADD_TO_GROUP;
import static io.dualwrite.model.Deed.Kind.DELETE;
import static io.dualwrite.model.Deed.Kind.INSERT;
import static io.dualwrite.model.Deed.Kind.READ_MODIFY_WRITE;
import static io.dualwrite.model.Deed.Kind.SET;
import static io.dualwrite.model.Deed.Kind.STAMP;
import static io.dualwrite.model.Scenario.replays;
import static io.dualwrite.model.Scenario.writes;
import static io.dualwrite.model.Violation.CLEARED_IN_DOUBT;
import static io.dualwrite.model.Violation.CROSS_DEADLOCK;
import static io.dualwrite.model.Violation.DIVERGED;
import static io.dualwrite.model.Violation.HANGS;
import static io.dualwrite.model.Violation.UNEXPLAINED;

import io.dualwrite.model.Scenario.Reads;
import java.util.List;

/** For each rule a scenario in which nothing is wrong with it, and something is without it. */
record WithoutRule(Rule rule, Violation finds, Scenario scenario) {
    private static final List<Integer> NO_FIRST = List.of(Deed.ABSENT, Deed.PLAIN);
    private static final List<Integer> NO_SECOND = List.of(Deed.PLAIN, Deed.ABSENT);
    private static final List<Integer> NEITHER = List.of(Deed.ABSENT, Deed.ABSENT);
    private static final List<Integer> BOTH = List.of(Deed.PLAIN, Deed.PLAIN);

    private static final Deed SETS = Deed.of(SET, 0);
    private static final Deed ADDS = Deed.of(ADD, 0);
    private static final Deed INSERTS = Deed.of(INSERT, 0);
    private static final Deed DELETES = Deed.of(DELETE, 0);
    private static final Deed READS_AND_SETS = Deed.of(READ_MODIFY_WRITE, 0);
    private static final Deed ADDS_TO_GROUP = Deed.of(ADD_TO_GROUP, 0);

    static final List<WithoutRule> ALL = List.of(
            of(Rule.R1, CROSS_DEADLOCK, Scenario.of(writes(STRICT_READ_NEW, SETS), writes(DUAL_READ_NEW, SETS))),
            of(Rule.R2, DIVERGED, Scenario.of(replays(DUAL_READ_OLD, SETS), replays(DUAL_READ_OLD, SETS))),
            of(Rule.R3, CROSS_DEADLOCK, Scenario.of(replays(DUAL_READ_OLD, SETS), replays(DUAL_READ_OLD, SETS))),
            of(
                    Rule.R4,
                    DIVERGED,
                    Scenario.of(replays(DUAL_READ_OLD, SETS), replays(DUAL_READ_OLD, SETS))
                            .faults(1, Fault.LATE_COMMIT)),
            of(
                    Rule.R5,
                    HANGS,
                    Scenario.of(writes(DUAL_READ_OLD, SETS), writes(DUAL_READ_OLD, SETS))
                            .faults(1, Fault.KILL)),
            of(
                    Rule.R6,
                    UNEXPLAINED,
                    Scenario.of(writes(STRICT_READ_OLD, SETS), new Reads(STRICT_READ_NEW, 0))
                            .faults(1, Fault.COMMIT)),
            of(
                    Rule.R7,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, INSERTS), replays(DUAL_READ_OLD, ADDS))
                            .rows(NO_FIRST, NO_FIRST)),
            of(
                    Rule.R7_HEAL,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_NEW, INSERTS), writes(DUAL_READ_NEW, DELETES))
                            .rows(NO_FIRST, NO_FIRST)),
            of(
                    Rule.R7_SAME,
                    UNEXPLAINED,
                    Scenario.of(writes(STRICT_READ_NEW, ADDS), writes(DUAL_READ_NEW, ADDS_TO_GROUP))
                            .faults(1, Fault.LOST_REPLY)),
            of(
                    Rule.R7_NOTHING,
                    UNEXPLAINED,
                    Scenario.of(
                                    writes(STRICT_READ_NEW, ADDS),
                                    writes(STRICT_READ_NEW, DELETES),
                                    writes(DUAL_READ_NEW, ADDS))
                            .faults(1, Fault.LOST_REPLY)),
            of(
                    Rule.R8,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, INSERTS), writes(DUAL_READ_OLD, DELETES))
                            .rows(NO_FIRST, NO_FIRST)),
            of(
                    Rule.R9,
                    CROSS_DEADLOCK,
                    Scenario.of(writes(STRICT_READ_NEW, READS_AND_SETS), writes(STRICT_READ_OLD, SETS))),
            of(
                    Rule.R10,
                    UNEXPLAINED,
                    Scenario.of(writes(DUAL_READ_OLD, SETS), new Reads(DUAL_READ_NEW, 0))
                            .faults(1, Fault.STATEMENT)),
            of(
                    Rule.R10_AUTHORITY,
                    UNEXPLAINED,
                    Scenario.of(writes(STRICT_READ_NEW, ADDS_TO_GROUP), writes(DUAL_READ_NEW, INSERTS))
                            .rows(NO_FIRST, NO_FIRST)),
            of(
                    Rule.R11,
                    UNEXPLAINED,
                    Scenario.of(writes(STRICT_READ_OLD, SETS), new Reads(STRICT_READ_NEW, 0))
                            .faults(1, Fault.COMMIT)),
            of(Rule.R12, DIVERGED, Scenario.of(writes(DUAL_READ_OLD, SETS)).faults(1, Fault.KILL)),
            of(
                    Rule.R13,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, SETS, Deed.of(SET, 1))).faults(1, Fault.STATEMENT)),
            of(
                    Rule.R15,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, SETS), writes(DUAL_READ_OLD, SETS))
                            .faults(1, Fault.COMMIT)),
            of(
                    Rule.R15_ORDER,
                    CROSS_DEADLOCK,
                    Scenario.of(writes(DUAL_READ_NEW, SETS), writes(DUAL_READ_NEW, SETS))
                            .faults(1, Fault.COMMIT)),
            of(
                    Rule.R15_READ,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, SETS), writes(DUAL_READ_OLD, SETS))
                            .faults(2, Fault.COMMIT)),
            of(
                    Rule.R16,
                    CLEARED_IN_DOUBT,
                    Scenario.of(writes(DUAL_READ_OLD, INSERTS), writes(DUAL_READ_OLD, DELETES))
                            .rows(NO_FIRST, NO_FIRST)
                            .faults(1, Fault.LATE_COMMIT)),
            of(
                    Rule.R16,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, INSERTS), writes(DUAL_READ_OLD, DELETES))
                            .rows(NO_FIRST, NO_FIRST)
                            .faults(1, Fault.LATE_COMMIT)),
            of(
                    Rule.R17,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, DELETES), writes(DUAL_READ_OLD, INSERTS))
                            .faults(1, Fault.COMMIT)),
            of(
                    Rule.R18,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, DELETES))
                            .rows(BOTH, NO_FIRST)
                            .copier(Copier.Kind.UP)),
            of(
                    Rule.R19,
                    DIVERGED,
                    Scenario.of(writes(DUAL_READ_OLD, INSERTS))
                            .rows(NO_FIRST, NO_FIRST)
                            .copier(Copier.Kind.DELETE_DIFF)),
            of(
                    Rule.R19_FIRST,
                    UNEXPLAINED,
                    Scenario.of(writes(DUAL_READ_NEW, INSERTS), new Reads(DUAL_READ_NEW, 0))
                            .rows(NO_FIRST, NO_FIRST)
                            .copier(Copier.Kind.DELETE_DIFF)
                            .faults(1, Fault.STATEMENT)),
            of(
                    Rule.R20,
                    CROSS_DEADLOCK,
                    Scenario.of(writes(DUAL_READ_NEW, SETS)).copier(Copier.Kind.DOWN)),
            of(Rule.R22, DIVERGED, Scenario.of(writes(OLD_ONLY, SETS)).copier(Copier.Kind.FINAL_SYNC)),
            of(Rule.R25, DIVERGED, Scenario.of(replays(DUAL_READ_OLD, Deed.of(STAMP, 0)))),
            of(Rule.R26, UNEXPLAINED, Scenario.of(writes(NEW_ONLY, SETS)).copier(Copier.Kind.UP)),
            of(
                    Rule.R26_REPAIR,
                    DIVERGED,
                    Scenario.of(
                                    writes(STRICT_READ_NEW, INSERTS),
                                    writes(DUAL_READ_NEW, INSERTS),
                                    writes(DUAL_READ_NEW, DELETES))
                            .rows(NO_FIRST, NO_FIRST)
                            .faults(1, Fault.values())),
            of(
                    Rule.R27,
                    CROSS_DEADLOCK,
                    Scenario.of(
                                    writes(DUAL_READ_OLD, ADDS, Deed.of(INSERT, 1)),
                                    writes(DUAL_READ_OLD, Deed.of(INSERT, 1)))
                            .rows(NO_SECOND, NEITHER)
                            .copier(Copier.Kind.UP)
                            .servers(Visibility.WAITS, Visibility.WAITS)));

    private static WithoutRule of(Rule rule, Violation finds, Scenario scenario) {
        return new WithoutRule(rule, finds, scenario);
    }

    @Override
    public String toString() {
        return rule + " (" + rule.says + "): " + finds;
    }
}
