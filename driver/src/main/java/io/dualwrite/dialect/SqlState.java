package io.dualwrite.dialect;

import java.sql.SQLException;

/** Every SQLSTATE that this product itself raises. Vendors' own are passed on as they are. */
public enum SqlState {
    /** A statement has no parameter of that number. */
    NO_PARAMETER("07009"),
    /** A side cannot be reached or its driver is missing. */
    CANNOT_CONNECT("08001"),
    /** The connection is closed, or the pool that would open one. */
    CONNECTION_CLOSED("08003"),
    /** The fleet does not let the instance in, or counts it as dead. */
    NOT_ADMITTED("08004"),
    /** One side committed, what the other did is unknown or known to have failed (R11). */
    RESOLUTION_UNKNOWN("08007"),
    /** Not supported, or refused on this rung; nothing was written. */
    REFUSED("0A000"),
    /** A value cannot be carried over. */
    DATA("22000"),
    /** A column of a key is NULL. */
    NULL_KEY("22004"),
    /** The transaction has failed on one side; nothing but a rollback is accepted. */
    TRANSACTION_FAILED("25000"),
    /** No savepoint of this connection, or one that has no number. */
    NO_SAVEPOINT("3B001"),
    /** Unqualified names mean another schema on one side than on the other. */
    OTHER_SCHEMA("3F000"),
    /** Both sides were rolled back; trying again cannot be known to help. */
    ROLLED_BACK("40000"),
    /** Both sides were rolled back after a lock wait, a deadlock or a serialization failure; trying again helps. */
    TRY_AGAIN("40001"),
    /** The database user lacks a right. */
    NO_RIGHT("42501"),
    /** No such column. */
    NO_COLUMN("42703"),
    /** No such sequence or identity column. */
    NO_GENERATOR("42704"),
    /** No such table. */
    NO_TABLE("42P01"),
    /** A table's primary key is another one on the other side. */
    OTHER_KEY("42P16"),
    /** Mirror work was not done within its budget. */
    TOO_LATE("57014"),
    /** A wrong setting or file. */
    CONFIGURATION("F0000"),
    /** A call in a state that does not allow it. */
    WRONG_STATE("HY010");

    private final String code;

    SqlState(String code) {
        this.code = code;
    }

    /** The five characters. */
    public String code() {
        return code;
    }

    /** Whether the failure, whoever raised it, has this state. */
    public boolean is(SQLException failure) {
        return code.equals(failure.getSQLState());
    }
}
