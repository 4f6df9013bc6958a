package io.dualwrite.model;

import io.dualwrite.ladder.Side;

/**
 * An actor that waits for a lock of another's.
 *
 * @param bounded whether it gives up after a while
 * @param victim whether giving up is its part by rule, so that a circle through it is none
 */
record Wait(int actor, int holder, Side side, boolean bounded, boolean victim) {}
