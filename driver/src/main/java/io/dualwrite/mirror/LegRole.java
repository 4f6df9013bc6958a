package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;

/** Whose waits and isolation a leg's session has. */
enum LegRole {
    /** The application's own: no bounds, its isolation. */
    APPLICATION,
    /** Runs what the other side has run first, and is read: lock waits are bounded, reads are not. */
    READ_SECOND,
    /** Runs statements first, must succeed and is not read: no bounds, READ COMMITTED (R1, R27). */
    FIRST_UNREAD,
    /** Mirrors only: all waits are bounded, READ COMMITTED (R5, R27). */
    MIRROR;

    /**
     * The role of the side's leg on a rung. Where both must succeed, the application waits on old as it would without this driver, for
     * there it meets all others' locks first (R1). Whoever waits on new holds old's locks already, and waits there for long only for what
     * waits for them.
     */
    static LegRole of(Rung rung, Side side) {
        if (rung.strict() && rung.newWins()) {
            return side == Side.OLD ? FIRST_UNREAD : READ_SECOND;
        }
        if (!rung.dual() || side == rung.authority()) {
            return APPLICATION;
        }
        return side == rung.reads() ? READ_SECOND : MIRROR;
    }

    /** Whether nobody reads there what the application's isolation would keep apart. */
    boolean isUnread() {
        return this == MIRROR || this == FIRST_UNREAD;
    }
}
