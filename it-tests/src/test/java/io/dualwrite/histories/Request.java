package io.dualwrite.histories;

/** What a client asks for. */
sealed interface Request {

    /** How an append is written. */
    enum Way {
        /** One statement that adds to what is there. */
        IN_PLACE,
        /** Reads the list under lock, and writes it whole. */
        READ_AND_WRITE
    }

    /** Puts a value at the end of a key's list. No value is ever asked for twice. */
    record Append(int key, int value, Way way) implements Request {}

    /** Reads a key's list. */
    record ReadList(int key) implements Request {}

    /** Moves money between two accounts. No number is ever used twice. */
    record Transfer(int number, int from, int to, int amount) implements Request {}

    /** Reads all accounts in one statement. */
    record ReadAccounts() implements Request {}
}
