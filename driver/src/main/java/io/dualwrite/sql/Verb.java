package io.dualwrite.sql;

/** What a statement does, as far as mirroring asks. */
public enum Verb {
    /** Reads rows (SELECT, VALUES, TABLE, SHOW, EXPLAIN of a read), perhaps locking them. */
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    /** MERGE, and MariaDB's REPLACE. */
    MERGE,
    TRUNCATE,
    /** CREATE, ALTER, DROP, GRANT, COMMENT and their like, of what outlives the session. */
    DDL,
    /** Makes, fills by definition or drops a temporary table: no Data A, but it outlives the transaction (R22). */
    TEMPORARY,
    /** Changes the session alone: SET, RESET, USE, and their like. */
    SESSION,
    /** LOCK TABLE and advisory locks. */
    LOCK,
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    ROLLBACK_TO_SAVEPOINT,
    RELEASE_SAVEPOINT,
    /** Cannot be known to be safe: a procedure, several statements in one text, unreadable SQL. */
    UNKNOWN
}
