package io.dualwrite.dialect;

/** The databases that are known well enough to be a side of a migration. */
public enum Vendor {
    POSTGRESQL,
    /** MariaDB and MySQL. */
    MARIADB,
    H2
}
