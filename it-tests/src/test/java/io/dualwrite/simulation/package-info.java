/**
 * Deterministic simulation: the real driver and copier over databases in memory, where one seed decides who runs when, how long
 * each call takes, and which call fails. Time is virtual and only one thread runs at a time, so that a seed replays.
 */
@NullMarked
package io.dualwrite.simulation;

import org.jspecify.annotations.NullMarked;
