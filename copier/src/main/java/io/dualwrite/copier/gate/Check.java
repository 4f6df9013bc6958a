package io.dualwrite.copier.gate;

import java.util.List;

/** One condition of the gate: pure, over facts that were read before. */
interface Check {
    /** Every condition, in the order in which an operator would see to them. */
    List<Check> ALL = List.of(
            new FleetComplete(),
            new FleetThere(),
            new FleetDrained(),
            new NoForeignSessions(),
            new SameSettings(),
            new SameMigration(),
            new DataBCopied(),
            new SyncedSinceArrival(),
            new GeneratorsRaised(),
            new BreakerClosed(),
            new MarksMended(),
            new VerifiedTwice());

    /** Whether the pass asks for this condition. */
    boolean applies(Facts facts);

    /** Looks whether it holds. */
    Finding look(Facts facts);
}
