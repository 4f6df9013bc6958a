package io.dualwrite.clients;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;

/** What a real application does with its library. It lives from the first rung to the last, with all that it keeps open. */
public interface Client {

    /** Does a day's work, and looks whether everything from the days before is still there. */
    void work(Rung rung) throws Exception;

    /** What an operator does on the side that is not in use, before the next step. */
    default void prepare(Side other) throws Exception {}
}
