package io.dualwrite.copier.plan;

import io.dualwrite.ladder.Side;

/** From where and to where a run copies. */
public enum Direction {
    /** Old to new. */
    UP(Side.OLD),
    /** New to old, as {@code --down} asks for. */
    DOWN(Side.NEW);

    private final Side source;

    Direction(Side source) {
        this.source = source;
    }

    /** The side whose rows are copied; it is the authority for as long as the run may go on. */
    public Side source() {
        return source;
    }

    /** The side that is made to agree. */
    public Side target() {
        return source.other();
    }

    /** The word that stands in {@code dualwrite_copy}: {@code up} or {@code down}. */
    public String word() {
        return this == UP ? "up" : "down";
    }
}
