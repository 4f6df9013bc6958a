package io.dualwrite.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A vendor's array, whose elements as rows lead back to the application's own connection. As thread-safe as the vendor's. */
abstract class DualArray implements Array {
    private final Array delegate;
    private final DualConnection connection;

    DualArray(Array delegate, DualConnection connection) {
        this.delegate = delegate;
        this.connection = connection;
    }

    /** The vendor's own in place of one of these, any other value as it is: a vendor's driver knows its own arrays alone. */
    static @Nullable Object vendors(@Nullable Object value) {
        return value instanceof DualArray ? ((DualArray) value).delegate : value;
    }

    final Array delegate() {
        return delegate;
    }

    final ResultSet adopt(ResultSet rows) throws SQLException {
        return connection.adopt(rows);
    }

    /** PostgreSQL's driver takes this for the array's value. */
    @Override
    public final String toString() {
        return delegate.toString();
    }
}
