package io.dualwrite.histories;

import java.util.List;

/** What a client was told. */
sealed interface Outcome {

    /** The write is acknowledged. */
    record Done() implements Outcome {}

    /** What a list held. */
    record Values(List<Integer> values) implements Outcome {}

    /** What the accounts held, the first account first. */
    record Balances(List<Integer> balances) implements Outcome {}

    /** Nothing was written, and the client could know. */
    record Failed(String reason) implements Outcome {}

    /** Written or not: the client cannot know. */
    record Unknown(String reason) implements Outcome {}
}
