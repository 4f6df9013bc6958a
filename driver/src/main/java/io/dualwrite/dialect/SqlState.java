package io.dualwrite.dialect;

/** Every SQLSTATE that this driver itself raises. Vendors' own are passed on as they are. */
public enum SqlState {
    /** A statement has no parameter of that number. */
    NO_PARAMETER("07009"),
    /** A side cannot be reached or its driver is missing. */
    CANNOT_CONNECT("08001"),
    /** The object is closed. */
    CONNECTION_CLOSED("08003"),
    /** One side committed, what the other did is unknown or known to have failed (R11). */
    RESOLUTION_UNKNOWN("08007"),
    /** Not supported, or refused on this rung; nothing was written. */
    REFUSED("0A000"),
    /** A value cannot be carried over. */
    DATA("22000"),
    /** The transaction has failed on one side; nothing but a rollback is accepted. */
    TRANSACTION_FAILED("25000"),
    /** Both sides were rolled back; trying again cannot be known to help. */
    ROLLED_BACK("40000"),
    /** Both sides were rolled back after a lock wait, a deadlock or a serialization failure; trying again helps. */
    TRY_AGAIN("40001"),
    /** A wrong setting or file. */
    CONFIGURATION("F0000"),
    /** No such table. */
    NO_TABLE("42P01"),
    /** No such column. */
    NO_COLUMN("42703"),
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
}
