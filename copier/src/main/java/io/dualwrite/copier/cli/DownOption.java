package io.dualwrite.copier.cli;

import io.dualwrite.copier.plan.Direction;
import picocli.CommandLine.Option;

/** The option {@code --down}. */
public final class DownOption {
    @Option(names = "--down", description = "Turns the direction: from new to old, on the way back.")
    private boolean down;

    /** The direction that was asked for. */
    public Direction direction() {
        return down ? Direction.DOWN : Direction.UP;
    }

    /** Whether the option was given. */
    public boolean given() {
        return down;
    }
}
