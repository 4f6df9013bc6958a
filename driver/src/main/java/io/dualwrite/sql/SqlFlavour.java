package io.dualwrite.sql;

/** The lexical rules and the statements that a text is read by. */
public enum SqlFlavour {
    POSTGRESQL,
    /** MariaDB and MySQL. */
    MARIADB,
    H2
}
