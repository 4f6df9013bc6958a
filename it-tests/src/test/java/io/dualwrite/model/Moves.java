package io.dualwrite.model;

import java.util.function.Supplier;

/** Takes what can happen next. */
interface Moves {
    /**
     * One thing that can happen.
     *
     * @param next the state afterwards
     * @param words what has happened, as a sentence of the story; asked for only where it is told
     */
    void to(State next, Supplier<String> words);
}
