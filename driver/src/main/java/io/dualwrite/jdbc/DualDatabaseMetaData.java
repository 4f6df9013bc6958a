package io.dualwrite.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The read side's metadata, as the bare driver gives it, that knows the application's own connection. */
abstract class DualDatabaseMetaData implements DatabaseMetaData {
    private final VendorMetaData vendor;
    private final DualConnection connection;
    private volatile DatabaseMetaData latest;

    /** Asks for the vendor's metadata at once, so that {@code Connection.getMetaData} fails where the bare driver's would. */
    DualDatabaseMetaData(VendorMetaData vendor, DualConnection connection) throws SQLException {
        this.vendor = vendor;
        this.connection = connection;
        this.latest = vendor.current();
    }

    /** The vendor's metadata of a connection that has ended still says what it knows by itself. */
    final DatabaseMetaData delegate() throws SQLException {
        if (connection.isClosed()) {
            return latest;
        }
        DatabaseMetaData current = vendor.current();
        latest = current;
        return current;
    }

    /** The catalogue's rows lead back to the application's own connection. */
    final ResultSet adopt(ResultSet rows) throws SQLException {
        return connection.adopt(rows);
    }

    /** May not fail, and asks no server: the leg last used will do. */
    @Override
    public final int getDriverMajorVersion() {
        return latest.getDriverMajorVersion();
    }

    @Override
    public final int getDriverMinorVersion() {
        return latest.getDriverMinorVersion();
    }

    @Override
    public final Connection getConnection() {
        return connection;
    }

    /** The vendor's may ask its connection, where it was taken back so that a short transaction may write. */
    @Override
    public final boolean isReadOnly() throws SQLException {
        DatabaseMetaData current = delegate();
        return current.isReadOnly()
                || connection.isReadOnly() && !current.getConnection().isReadOnly();
    }

    @Override
    public final String toString() {
        return latest.toString();
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        return Unwrapping.unwrap(connection.transaction, this, delegate(), type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        return Unwrapping.wraps(this, delegate(), type);
    }
}
