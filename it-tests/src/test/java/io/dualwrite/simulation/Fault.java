package io.dualwrite.simulation;

/** What may happen to one call. */
enum Fault {
    NONE,
    /** The server refuses the statement, which is undone. */
    REFUSED,
    /** The server chooses the transaction as the victim of a deadlock. */
    DEADLOCK,
    /** The connection breaks before the call reaches the server. */
    LOST_BEFORE,
    /** The connection breaks before the reply reaches the client. */
    LOST_AFTER,
    /** The connection breaks, and the call arrives later than the client knows of that. */
    IN_DOUBT,
    /** The call takes seconds. */
    STALL,
    /** The client's process is killed before the call reaches the server. */
    KILLED_BEFORE,
    /** The client's process is killed while the reply is on its way. */
    KILLED_AFTER
}
