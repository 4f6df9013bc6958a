package io.dualwrite.simulation;

import io.dualwrite.ladder.Side;
import java.util.Map;

/** A rule that is taken out of the driver or the copier, to see that the simulation finds what it prevents. */
enum WithoutRule {
    /** All rules are in place. */
    NONE(Map.of()),
    /** An autocommit write is committed on old before its mirror runs. */
    R2(Map.of("io/dualwrite/mirror/Capture.run", "io/dualwrite/mirror/WithoutR2")),
    /** A delete that finds nothing on the mirror does not wait for an insert that is not committed yet. */
    R7(Map.of("io/dualwrite/mirror/Images.delete", "io/dualwrite/mirror/WithoutR7")),
    /** No mark goes in with the first commit. */
    R12(Map.of("io/dualwrite/mirror/Marks.writeCurrent", "io/dualwrite/mirror/WithoutR12")),
    /** A transaction that the server has rolled back is not followed. */
    R14(Map.of("io/dualwrite/mirror/DualTransaction.failed", "io/dualwrite/mirror/WithoutR14")),
    /** The copier reads the source's rows without locking them. */
    R18(Map.of("io/dualwrite/copier/read/Source.rows", "io/dualwrite/copier/diff/WithoutR18")),
    /** The statement is replayed on the mirror, whichever rows it finds there. */
    R25(Map.of(
            "io/dualwrite/mirror/Capture.run", "io/dualwrite/mirror/WithoutR25",
            "io/dualwrite/mirror/Images.apply", "io/dualwrite/mirror/WithoutR25"));

    private final Map<String, String> redirected;

    WithoutRule(Map<String, String> redirected) {
        this.redirected = redirected;
    }

    Map<String, String> redirected() {
        return redirected;
    }

    /** Where the search begins: a little before a seed that has found it, for some take a thousand others to come to. */
    long firstSeed() {
        return switch (this) {
            case R7 -> 18_530;
            case R14 -> 4_020;
            case R18 -> 11_080;
            case NONE, R2, R12, R25 -> 1;
        };
    }

    /** Whether it is worth while to look for it there. */
    boolean suits(Scenario scenario) {
        return switch (this) {
            case R7 ->
                scenario.taste() == Scenario.Taste.CHURN && scenario.another().authority() == Side.OLD;
            case R18 ->
                scenario.stale()
                        && scenario.mirrorsAll()
                        && scenario.copier() == Scenario.CopierWork.REPAIR
                        && scenario.another().authority() == Side.OLD;
            case NONE, R2, R12, R14, R25 -> true;
        };
    }
}
