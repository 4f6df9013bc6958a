package io.dualwrite.jdbc;

import io.dualwrite.mirror.KeyRequest;
import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application's callable statement: what a procedure writes is not known, so on dual rungs it runs on the authority and is
 * marked, or is refused. Results are the vendor's.
 */
abstract class DualCallableStatement extends RecordingCallableStatement {

    /** The cursors that were given out, by parameter; null as long as there are none, as with most calls. */
    private @Nullable Map<Object, DualResultSet> cursors;

    DualCallableStatement(DualConnection connection, String sql, VendorStatements.Maker maker) {
        super(connection, sql, KeyRequest.NONE, maker);
    }

    @Override
    CallableStatement delegate() throws SQLException {
        return (CallableStatement) super.delegate();
    }

    // ------------------------------------------------------------------ cursors among the results

    @Override
    public Object getObject(int index) throws SQLException {
        return ours(index, delegate().getObject(index));
    }

    @Override
    public Object getObject(String name) throws SQLException {
        return ours(name, delegate().getObject(name));
    }

    @Override
    public Object getObject(int index, Map<String, Class<?>> types) throws SQLException {
        return ours(index, delegate().getObject(index, types));
    }

    @Override
    public Object getObject(String name, Map<String, Class<?>> types) throws SQLException {
        return ours(name, delegate().getObject(name, types));
    }

    @Override
    public <T> T getObject(int index, Class<T> type) throws SQLException {
        return ours(index, delegate().getObject(index, type), type);
    }

    @Override
    public <T> T getObject(String name, Class<T> type) throws SQLException {
        return ours(name, delegate().getObject(name, type), type);
    }

    /** A cursor's rows lead back to the application's connection, and are the same each time that they are asked for. */
    @SuppressWarnings("NullAway") // JDBC allows null for NULL
    private Object ours(Object parameter, Object value) throws SQLException {
        if (!(value instanceof ResultSet)) {
            return value;
        }
        Map<Object, DualResultSet> known = cursors;
        if (known == null) {
            known = new HashMap<>();
            cursors = known;
        }
        DualResultSet given = known.get(parameter);
        if (given == null || given.delegate() != value) {
            given = (DualResultSet) connection.adopt((ResultSet) value);
            known.put(parameter, given);
        }
        return given;
    }

    /** A vendor's own type is given as it is. */
    @SuppressWarnings("NullAway") // JDBC allows null for NULL
    private <T> T ours(Object parameter, T value, Class<T> type) throws SQLException {
        return value instanceof ResultSet && type.isAssignableFrom(ResultSet.class)
                ? type.cast(ours(parameter, value))
                : value;
    }
}
