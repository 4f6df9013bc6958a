package io.dualwrite.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** Gives the metadata of the leg that the connection reads from now: an application may keep its metadata for years. */
interface VendorMetaData {
    /** The vendor's metadata of the read side. */
    DatabaseMetaData current() throws SQLException;
}
