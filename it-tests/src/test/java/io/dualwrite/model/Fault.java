package io.dualwrite.model;

/** What can go wrong, at any step of a writer. */
enum Fault {
    /** A server refuses a statement. */
    STATEMENT,
    /** A server refuses a COMMIT and rolls back. */
    COMMIT,
    /** A COMMIT is carried out, and its answer is lost. */
    LOST_REPLY,
    /** A COMMIT is given up by the client and arrives later, or never. */
    LATE_COMMIT,
    /** The instance's process ends; its servers notice later. */
    KILL
}
