package io.dualwrite.dialect;

/**
 * The canonical type of a column's values between the two databases: what Java type carries them, whatever the vendor calls
 * the column's type.
 */
public enum Kind {
    /** {@link Boolean}. */
    BOOLEAN,
    /** {@link Long}; all integer types that fit. */
    INTEGER,
    /** {@link java.math.BigDecimal}; also unsigned 64-bit integers. */
    DECIMAL,
    /** {@link Float}. */
    REAL,
    /** {@link Double}. */
    DOUBLE,
    /** {@link String}; character types of any length, enumerations. */
    TEXT,
    /** {@code byte[]}; binary types of any length. */
    BINARY,
    /** {@link java.time.LocalDate}. */
    DATE,
    /** {@link java.time.LocalTime}. */
    TIME,
    /** {@link java.time.LocalDateTime}. */
    TIMESTAMP,
    /** {@link java.time.OffsetDateTime}, in UTC where the column keeps no offset, as H2's does. */
    TIMESTAMP_TZ,
    /** {@link java.util.UUID}. */
    UUID,
    /** {@link String} of a JSON text. */
    JSON,
    /** {@link String} in the vendor's own text form; copied between equal vendors only. */
    OTHER
}
