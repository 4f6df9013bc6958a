package io.dualwrite.dialect;

/** What a failed statement did to the transaction in which it ran (R14). */
public enum Aftermath {
    /** The statement was undone, the transaction goes on (MariaDB, H2, a failed statement). */
    STATEMENT_UNDONE,
    /** The transaction accepts nothing but a rollback (PostgreSQL). */
    TRANSACTION_ABORTED,
    /** The whole transaction was rolled back; the next statement silently begins a new one (MariaDB 1213, H2 40001). */
    TRANSACTION_GONE,
    /** The connection is lost; what it had not committed is gone, a commit that was under way is unknown. */
    CONNECTION_LOST
}
