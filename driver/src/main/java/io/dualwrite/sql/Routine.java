package io.dualwrite.sql;

/** What is known of a function, or of another word that may stand before a parenthesis. */
enum Routine {
    /** A word that is reserved, so that no function has it as its name unless in quotes: IN, AND, VALUES. */
    SYNTAX,
    /** No function of the vendor's, but a word that a user's may have as its name: OVER, FILTER, a type's name. */
    FREE,
    /** Reads only, and gives the same on both sides. */
    READS,
    /** Reads only, but depends on the moment, on chance, on the session or on the server. */
    VOLATILE,
    /** A key generator: nextval. */
    GENERATOR,
    /** Asks for a key that was generated before: currval, lastval, LAST_INSERT_ID. */
    FORMER_KEY,
    /** Moves a key generator to a value: setval. */
    SETS_GENERATOR,
    /** Sends a message to those who listen, and writes no row: pg_notify. */
    NOTIFIES,
    /** An advisory lock that ends with the transaction. */
    LOCK,
    /** An advisory lock that outlives the transaction, or its release. */
    SESSION_LOCK
}
