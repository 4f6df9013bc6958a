package io.dualwrite.model;

/** What can be switched off, each a rule of {@code docs/rules.md} or one of its parts. */
enum Rule {
    R1("statements go old, then new"),
    R2("autocommit becomes a short transaction"),
    R3("the mirror runs a statement only after old did"),
    R4("no COMMIT to the mirror before its statements were answered"),
    R5("waits on the mirror are bounded"),
    R6("the authority commits first"),
    R7("counts are compared, and a row that is missing is inserted first"),
    R7_HEAL("on DUAL_READ_NEW too, a delete that finds no row on old waits for its insert"),
    R7_SAME("where both must succeed, a write goes only over rows that were the same on both sides"),
    R7_NOTHING(
            "beside one that commits the other side first, a strict statement that hits nothing hits nothing on both sides"),
    R8("a delete by image is compared as well"),
    R9("locking reads on old, then new"),
    R10("only strict rungs on both sides of a change of the read side"),
    R10_AUTHORITY("beside an instance that commits the other side first, nothing is swallowed"),
    R11("a second commit that must succeed and does not raises 08007"),
    R12("the mark goes in with the first commit"),
    R13("an abandoned mirror marks all its rows"),
    R15("repair locks what it makes agree"),
    R15_ORDER("repair locks old, then new, and is the victim"),
    R15_READ("repair clears only marks that it read before"),
    R16("repair waits until the marked transaction has ended on both servers"),
    R17("repair reads the authority again before it deletes"),
    R18("the copier holds the old row until new has committed it"),
    R19("the delete diff reads old again under the new row's lock"),
    R19_FIRST("the delete diff runs only while all commit old first"),
    R20("copying down locks old, then new, and is the victim"),
    R22("what began on the rung before ends before the final sync"),
    R25("only a write by key whose values are the same on both sides is replayed"),
    R26("no copy runs against the authority"),
    R26_REPAIR("repair runs only while all commit the same side first"),
    R27("the mirror runs READ COMMITTED, without locks on gaps");

    final String says;

    Rule(String says) {
        this.says = says;
    }

    /** The number in the rules' table. */
    String number() {
        int part = name().indexOf('_');
        return part < 0 ? name() : name().substring(0, part);
    }
}
