package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.mirror.KeyRequest;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * The setters by name and the registered results of a callable statement, given to the open vendor statement first and
 * recorded, as {@link RecordingPreparedStatement} does with parameters by index.
 */
abstract class RecordingCallableStatement extends DualPreparedStatement implements CallableStatement {

    private interface Setter<T> {
        void set(CallableStatement statement, @Nullable T value) throws SQLException;
    }

    private final CallParameters call = new CallParameters();

    RecordingCallableStatement(DualConnection connection, String sql, KeyRequest keys, VendorStatements.Maker maker) {
        super(connection, sql, keys, maker);
    }

    @Override
    final CallParameters calls() {
        return call;
    }

    @Override
    final void forgetMore() {
        call.clear();
    }

    private void register(Object result, CallParameters.Binding binding) throws SQLException {
        CallableStatement direct = (CallableStatement) direct();
        if (direct != null) {
            binding.bind(direct);
        }
        call.register(result, binding);
    }

    private void set(String name, CallParameters.Binding binding) throws SQLException {
        set(name, binding, binding, null);
    }

    /** The first binding is for the open statement, with the application's own object; the second for any other. */
    private void set(String name, CallParameters.Binding own, CallParameters.Binding recorded, @Nullable Spool spool)
            throws SQLException {
        try {
            CallableStatement direct = (CallableStatement) direct();
            if (direct != null) {
                own.bind(direct);
            }
        } catch (SQLException | RuntimeException refused) {
            if (spool != null) {
                spool.release();
            }
            throw refused;
        }
        call.set(name, recorded, spool);
        if (spool != null) {
            spooled();
        }
    }

    private void stream(String name, @Nullable InputStream x, long limit, Setter<InputStream> setter)
            throws SQLException {
        if (x == null || limit < 0 || once()) {
            set(
                    name,
                    statement -> setter.set(statement, x),
                    x == null ? statement -> setter.set(statement, null) : handedOver(name),
                    null);
        } else {
            Spool spool = Spool.bytes(x, limit);
            CallParameters.Binding replay = statement -> setter.set(statement, spool.stream());
            set(name, replay, replay, spool);
        }
    }

    private void characters(String name, @Nullable Reader x, long limit, Setter<Reader> setter) throws SQLException {
        if (x == null || limit < 0 || once()) {
            set(
                    name,
                    statement -> setter.set(statement, x),
                    x == null ? statement -> setter.set(statement, null) : handedOver(name),
                    null);
        } else {
            Spool spool = Spool.characters(x, limit);
            CallParameters.Binding replay = statement -> setter.set(statement, spool.reader());
            set(name, replay, replay, spool);
        }
    }

    private void object(String name, @Nullable Object x, Setter<Object> setter) throws SQLException {
        if (x instanceof InputStream) {
            stream(name, (InputStream) x, Long.MAX_VALUE, setter::set);
        } else if (x instanceof Reader) {
            characters(name, (Reader) x, Long.MAX_VALUE, setter::set);
        } else {
            Object copy = Copies.of(x);
            set(name, statement -> setter.set(statement, x), statement -> setter.set(statement, copy), null);
        }
    }

    /** Whether the open vendor statement is all that will ever read a stream. */
    private boolean once() throws SQLException {
        return staysOnRung() && direct() != null;
    }

    private static CallParameters.Binding handedOver(String name) {
        return statement -> {
            throw new SQLNonTransientException(
                    "Parameter " + name + " is a stream that another statement has read already; set it again",
                    SqlState.WRONG_STATE.code());
        };
    }

    @Override
    public void registerOutParameter(int index, int sqlType) throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType));
    }

    @Override
    public void registerOutParameter(int index, int sqlType, int scale) throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType, scale));
    }

    @Override
    public void registerOutParameter(int index, int sqlType, @Nullable String typeName) throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType, typeName));
    }

    @Override
    public void registerOutParameter(int index, @Nullable SQLType sqlType) throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType));
    }

    @Override
    public void registerOutParameter(int index, @Nullable SQLType sqlType, int scale) throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType, scale));
    }

    @Override
    public void registerOutParameter(int index, @Nullable SQLType sqlType, @Nullable String typeName)
            throws SQLException {
        register(index, statement -> statement.registerOutParameter(index, sqlType, typeName));
    }

    @Override
    public void registerOutParameter(String name, int sqlType) throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType));
    }

    @Override
    public void registerOutParameter(String name, int sqlType, int scale) throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType, scale));
    }

    @Override
    public void registerOutParameter(String name, int sqlType, @Nullable String typeName) throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType, typeName));
    }

    @Override
    public void registerOutParameter(String name, @Nullable SQLType sqlType) throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType));
    }

    @Override
    public void registerOutParameter(String name, @Nullable SQLType sqlType, int scale) throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType, scale));
    }

    @Override
    public void registerOutParameter(String name, @Nullable SQLType sqlType, @Nullable String typeName)
            throws SQLException {
        register(name, statement -> statement.registerOutParameter(name, sqlType, typeName));
    }

    @Override
    public void setNull(String name, int sqlType) throws SQLException {
        set(name, statement -> statement.setNull(name, sqlType));
    }

    @Override
    public void setNull(String name, int sqlType, @Nullable String typeName) throws SQLException {
        set(name, statement -> statement.setNull(name, sqlType, typeName));
    }

    @Override
    public void setBoolean(String name, boolean x) throws SQLException {
        set(name, statement -> statement.setBoolean(name, x));
    }

    @Override
    public void setByte(String name, byte x) throws SQLException {
        set(name, statement -> statement.setByte(name, x));
    }

    @Override
    public void setShort(String name, short x) throws SQLException {
        set(name, statement -> statement.setShort(name, x));
    }

    @Override
    public void setInt(String name, int x) throws SQLException {
        set(name, statement -> statement.setInt(name, x));
    }

    @Override
    public void setLong(String name, long x) throws SQLException {
        set(name, statement -> statement.setLong(name, x));
    }

    @Override
    public void setFloat(String name, float x) throws SQLException {
        set(name, statement -> statement.setFloat(name, x));
    }

    @Override
    public void setDouble(String name, double x) throws SQLException {
        set(name, statement -> statement.setDouble(name, x));
    }

    @Override
    public void setBigDecimal(String name, @Nullable BigDecimal x) throws SQLException {
        set(name, statement -> statement.setBigDecimal(name, x));
    }

    @Override
    public void setString(String name, @Nullable String x) throws SQLException {
        set(name, statement -> statement.setString(name, x));
    }

    @Override
    public void setURL(String name, @Nullable URL x) throws SQLException {
        set(name, statement -> statement.setURL(name, x));
    }

    @Override
    public void setRowId(String name, @Nullable RowId x) throws SQLException {
        set(name, statement -> statement.setRowId(name, x));
    }

    @Override
    public void setSQLXML(String name, @Nullable SQLXML x) throws SQLException {
        set(name, statement -> statement.setSQLXML(name, x));
    }

    @Override
    public void setNString(String name, @Nullable String x) throws SQLException {
        set(name, statement -> statement.setNString(name, x));
    }

    @Override
    public void setBytes(String name, byte @Nullable [] x) throws SQLException {
        byte[] copy = Copies.of(x);
        set(name, statement -> statement.setBytes(name, x), statement -> statement.setBytes(name, copy), null);
    }

    @Override
    public void setDate(String name, @Nullable Date x) throws SQLException {
        Date copy = Copies.of(x);
        set(name, statement -> statement.setDate(name, x), statement -> statement.setDate(name, copy), null);
    }

    @Override
    public void setDate(String name, @Nullable Date x, @Nullable Calendar calendar) throws SQLException {
        Date copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        set(
                name,
                statement -> statement.setDate(name, x, calendar),
                statement -> statement.setDate(name, copy, Copies.of(zone)),
                null);
    }

    @Override
    public void setTime(String name, @Nullable Time x) throws SQLException {
        Time copy = Copies.of(x);
        set(name, statement -> statement.setTime(name, x), statement -> statement.setTime(name, copy), null);
    }

    @Override
    public void setTime(String name, @Nullable Time x, @Nullable Calendar calendar) throws SQLException {
        Time copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        set(
                name,
                statement -> statement.setTime(name, x, calendar),
                statement -> statement.setTime(name, copy, Copies.of(zone)),
                null);
    }

    @Override
    public void setTimestamp(String name, @Nullable Timestamp x) throws SQLException {
        Timestamp copy = Copies.of(x);
        set(name, statement -> statement.setTimestamp(name, x), statement -> statement.setTimestamp(name, copy), null);
    }

    @Override
    public void setTimestamp(String name, @Nullable Timestamp x, @Nullable Calendar calendar) throws SQLException {
        Timestamp copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        set(
                name,
                statement -> statement.setTimestamp(name, x, calendar),
                statement -> statement.setTimestamp(name, copy, Copies.of(zone)),
                null);
    }

    @Override
    public void setObject(String name, @Nullable Object x) throws SQLException {
        object(name, x, (statement, value) -> statement.setObject(name, value));
    }

    @Override
    public void setObject(String name, @Nullable Object x, int sqlType) throws SQLException {
        object(name, x, (statement, value) -> statement.setObject(name, value, sqlType));
    }

    @Override
    public void setObject(String name, @Nullable Object x, int sqlType, int scale) throws SQLException {
        object(name, x, (statement, value) -> statement.setObject(name, value, sqlType, scale));
    }

    @Override
    public void setObject(String name, @Nullable Object x, @Nullable SQLType sqlType) throws SQLException {
        object(name, x, (statement, value) -> statement.setObject(name, value, sqlType));
    }

    @Override
    public void setObject(String name, @Nullable Object x, @Nullable SQLType sqlType, int scale) throws SQLException {
        object(name, x, (statement, value) -> statement.setObject(name, value, sqlType, scale));
    }

    @Override
    public void setBlob(String name, @Nullable Blob x) throws SQLException {
        CallParameters.Binding own = statement -> statement.setBlob(name, x);
        set(name, own, x == null ? own : statement -> statement.setBlob(name, x.getBinaryStream(), x.length()), null);
    }

    @Override
    public void setClob(String name, @Nullable Clob x) throws SQLException {
        CallParameters.Binding own = statement -> statement.setClob(name, x);
        set(
                name,
                own,
                x == null ? own : statement -> statement.setClob(name, x.getCharacterStream(), x.length()),
                null);
    }

    @Override
    public void setNClob(String name, @Nullable NClob x) throws SQLException {
        CallParameters.Binding own = statement -> statement.setNClob(name, x);
        set(
                name,
                own,
                x == null ? own : statement -> statement.setNClob(name, x.getCharacterStream(), x.length()),
                null);
    }

    @Override
    public void setAsciiStream(String name, @Nullable InputStream x) throws SQLException {
        stream(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setAsciiStream(name, replay));
    }

    @Override
    public void setAsciiStream(String name, @Nullable InputStream x, int length) throws SQLException {
        stream(name, x, length, (statement, replay) -> statement.setAsciiStream(name, replay, length));
    }

    @Override
    public void setAsciiStream(String name, @Nullable InputStream x, long length) throws SQLException {
        stream(name, x, length, (statement, replay) -> statement.setAsciiStream(name, replay, length));
    }

    @Override
    public void setBinaryStream(String name, @Nullable InputStream x) throws SQLException {
        stream(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setBinaryStream(name, replay));
    }

    @Override
    public void setBinaryStream(String name, @Nullable InputStream x, int length) throws SQLException {
        stream(name, x, length, (statement, replay) -> statement.setBinaryStream(name, replay, length));
    }

    @Override
    public void setBinaryStream(String name, @Nullable InputStream x, long length) throws SQLException {
        stream(name, x, length, (statement, replay) -> statement.setBinaryStream(name, replay, length));
    }

    @Override
    public void setCharacterStream(String name, @Nullable Reader x) throws SQLException {
        characters(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setCharacterStream(name, replay));
    }

    @Override
    public void setCharacterStream(String name, @Nullable Reader x, int length) throws SQLException {
        characters(name, x, length, (statement, replay) -> statement.setCharacterStream(name, replay, length));
    }

    @Override
    public void setCharacterStream(String name, @Nullable Reader x, long length) throws SQLException {
        characters(name, x, length, (statement, replay) -> statement.setCharacterStream(name, replay, length));
    }

    @Override
    public void setNCharacterStream(String name, @Nullable Reader x) throws SQLException {
        characters(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setNCharacterStream(name, replay));
    }

    @Override
    public void setNCharacterStream(String name, @Nullable Reader x, long length) throws SQLException {
        characters(name, x, length, (statement, replay) -> statement.setNCharacterStream(name, replay, length));
    }

    @Override
    public void setBlob(String name, @Nullable InputStream x) throws SQLException {
        stream(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setBlob(name, replay));
    }

    @Override
    public void setBlob(String name, @Nullable InputStream x, long length) throws SQLException {
        stream(name, x, length, (statement, replay) -> statement.setBlob(name, replay, length));
    }

    @Override
    public void setClob(String name, @Nullable Reader x) throws SQLException {
        characters(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setClob(name, replay));
    }

    @Override
    public void setClob(String name, @Nullable Reader x, long length) throws SQLException {
        characters(name, x, length, (statement, replay) -> statement.setClob(name, replay, length));
    }

    @Override
    public void setNClob(String name, @Nullable Reader x) throws SQLException {
        characters(name, x, Long.MAX_VALUE, (statement, replay) -> statement.setNClob(name, replay));
    }

    @Override
    public void setNClob(String name, @Nullable Reader x, long length) throws SQLException {
        characters(name, x, length, (statement, replay) -> statement.setNClob(name, replay, length));
    }
}
