package io.dualwrite.jdbc;

import io.dualwrite.mirror.DualTransaction;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * The setters of a prepared statement: each sets the parameter on the open vendor statement, if there is one, and records
 * it, so that it can be set on another statement later. The vendor comes first, so that its complaint of a setter is what
 * the application gets, and nothing is recorded of a parameter that was refused.
 *
 * <p>A stream can be read only once. It is spooled unless the open vendor statement is all that will ever read it.
 */
abstract class RecordingPreparedStatement extends DualStatement implements PreparedStatement {
    /** What was set since the last {@link #clearParameters}. */
    protected final Parameters parameters = new Parameters();

    /** Made with the first stream that is spooled: most statements have none. */
    private volatile @Nullable SpoolUse spools;

    RecordingPreparedStatement(DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        super(connection, transaction, maker);
    }

    /** The one open vendor statement to which parameters go at once, or null if they wait for the execution. */
    protected abstract @Nullable PreparedStatement direct() throws SQLException;

    /**
     * Keeps the rung until the statement has run, where that can be, so that no other statement than {@link #direct} needs the parameters:
     * streams are spared the spooling.
     */
    protected abstract boolean staysOnRung() throws SQLException;

    /**
     * A driver may keep a large value in the application's transaction before the statement runs, or refuse it where none is open, as
     * PostgreSQL's does.
     */
    protected abstract void beginForLargeValue() throws SQLException;

    private interface Straight {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** Sets the parameter on its own, to be one of the statement's when the vendor has taken it. */
    private interface Recorded {
        void set(Parameters alone) throws SQLException;
    }

    private interface Whole {
        void set() throws SQLException;
    }

    /** A stream: read by the open vendor statement and nobody else, or spooled and replayed. */
    private void stream(int index, Straight straight, Recorded recorded) throws SQLException {
        boolean stays = index < 1 || staysOnRung();
        PreparedStatement direct = direct();
        if (direct != null && stays) {
            straight.set(direct);
            parameters.handedOver(index);
            return;
        }
        Parameters alone = new Parameters();
        recorded.set(alone);
        Bound bound = alone.bound(index);
        take(bound, bound::bind, true, index, direct);
    }

    /** A stream of a length, which some vendors' drivers take for none, and read to the end. */
    private void stream(long length, Whole whole, int index, Straight straight, Recorded recorded) throws SQLException {
        if (length <= 0 && answeringDialect().readsAllWithoutLength()) {
            whole.set();
        } else {
            stream(index, straight, recorded);
        }
    }

    /** An object that may be a stream, a large object or a plain value. */
    private void object(int index, @Nullable Object x, Bound.Setter<Object> setter) throws SQLException {
        boolean asItIs = !Bound.mustBind(x) || staysOnRung();
        PreparedStatement direct = direct();
        if (direct != null && asItIs) {
            setter.set(direct, index, x);
            parameters.refer(index, x, setter);
            return;
        }
        Bound bound = Bound.of(x, setter);
        // An array goes as it is where it can: made anew of Java's objects it may be less.
        take(
                bound,
                x instanceof Array ? (statement, at) -> setter.set(statement, at, x) : bound::bind,
                Bound.mustBind(x),
                index,
                direct);
    }

    /** What the vendor refuses does not take the place of the value that was set before, and leaves nothing spooled. */
    private void take(Bound bound, Bound.Binding toDirect, boolean large, int index, @Nullable PreparedStatement direct)
            throws SQLException {
        if (direct != null) {
            try {
                if (large) {
                    beginForLargeValue();
                }
                toDirect.bind(direct, index);
            } catch (SQLException | RuntimeException refused) {
                bound.release();
                throw refused;
            }
        }
        parameters.bind(index, bound);
        if (bound.spool != null) {
            spooled();
        }
    }

    /** Something was spooled that has to be released in the end. */
    final void spooled() {
        if (spools == null) {
            SpoolUse use = new SpoolUse(this::releaseSpools);
            spools = use;
            endsWithConnection(use);
        }
    }

    /** Where the statement itself is not closed, its connection's end releases what it has spooled. */
    void endsWithConnection(SpoolUse use) {}

    /** What has been spooled; null as long as nothing was. */
    final @Nullable SpoolUse spools() {
        return spools;
    }

    private void releaseSpools() {
        parameters.clear();
        forgetMore();
        clearEntries();
    }

    @Override
    public void close() throws SQLException {
        try {
            super.close();
        } finally {
            SpoolUse used = spools;
            if (used != null) {
                used.close();
            }
        }
    }

    /** Forgets all parameters, on the vendor's statement too. */
    @Override
    public void clearParameters() throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.clearParameters();
        }
        parameters.clear();
        forgetMore();
    }

    /** What a callable statement forgets beyond the parameters by index. */
    void forgetMore() {}

    @Override
    public void setNull(int index, int sqlType) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setNull(index, sqlType);
        }
        parameters.setNull(index, sqlType);
    }

    @Override
    public void setNull(int index, int sqlType, @Nullable String typeName) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setNull(index, sqlType, typeName);
        }
        parameters.setNull(index, sqlType, typeName);
    }

    @Override
    public void setBoolean(int index, boolean x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setBoolean(index, x);
        }
        parameters.setBoolean(index, x);
    }

    @Override
    public void setByte(int index, byte x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setByte(index, x);
        }
        parameters.setByte(index, x);
    }

    @Override
    public void setShort(int index, short x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setShort(index, x);
        }
        parameters.setShort(index, x);
    }

    @Override
    public void setInt(int index, int x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setInt(index, x);
        }
        parameters.setInt(index, x);
    }

    @Override
    public void setLong(int index, long x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setLong(index, x);
        }
        parameters.setLong(index, x);
    }

    @Override
    public void setFloat(int index, float x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setFloat(index, x);
        }
        parameters.setFloat(index, x);
    }

    @Override
    public void setDouble(int index, double x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setDouble(index, x);
        }
        parameters.setDouble(index, x);
    }

    @Override
    public void setBigDecimal(int index, @Nullable BigDecimal x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setBigDecimal(index, x);
        }
        parameters.setBigDecimal(index, x);
    }

    @Override
    public void setString(int index, @Nullable String x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setString(index, x);
        }
        parameters.setString(index, x);
    }

    @Override
    public void setNString(int index, @Nullable String x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setNString(index, x);
        }
        parameters.setNString(index, x);
    }

    @Override
    public void setBytes(int index, byte @Nullable [] x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setBytes(index, x);
        }
        parameters.setBytes(index, x);
    }

    @Override
    public void setDate(int index, @Nullable Date x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setDate(index, x);
        }
        parameters.setDate(index, x);
    }

    @Override
    public void setDate(int index, @Nullable Date x, @Nullable Calendar calendar) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setDate(index, x, calendar);
        }
        parameters.setDate(index, x, calendar);
    }

    @Override
    public void setTime(int index, @Nullable Time x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setTime(index, x);
        }
        parameters.setTime(index, x);
    }

    @Override
    public void setTime(int index, @Nullable Time x, @Nullable Calendar calendar) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setTime(index, x, calendar);
        }
        parameters.setTime(index, x, calendar);
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setTimestamp(index, x);
        }
        parameters.setTimestamp(index, x);
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp x, @Nullable Calendar calendar) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setTimestamp(index, x, calendar);
        }
        parameters.setTimestamp(index, x, calendar);
    }

    @Override
    public void setObject(int index, @Nullable Object x) throws SQLException {
        if (Bound.mustBind(x)) {
            object(index, x, PreparedStatement::setObject);
            return;
        }
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setObject(index, x);
        }
        parameters.setObject(index, x);
    }

    @Override
    public void setObject(int index, @Nullable Object x, int sqlType) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setObject(at, value, sqlType));
    }

    @Override
    public void setObject(int index, @Nullable Object x, int sqlType, int scaleOrLength) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setObject(at, value, sqlType, scaleOrLength));
    }

    @Override
    public void setObject(int index, @Nullable Object x, @Nullable SQLType sqlType) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setObject(at, value, sqlType));
    }

    @Override
    public void setObject(int index, @Nullable Object x, @Nullable SQLType sqlType, int scaleOrLength)
            throws SQLException {
        object(index, x, (statement, at, value) -> statement.setObject(at, value, sqlType, scaleOrLength));
    }

    @Override
    public void setURL(int index, @Nullable URL x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setURL(index, x);
        }
        parameters.setURL(index, x);
    }

    @Override
    public void setRef(int index, @Nullable Ref x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setRef(index, x);
        }
        parameters.setRef(index, x);
    }

    @Override
    public void setRowId(int index, @Nullable RowId x) throws SQLException {
        PreparedStatement direct = direct();
        if (direct != null) {
            direct.setRowId(index, x);
        }
        parameters.setRowId(index, x);
    }

    @Override
    public void setArray(int index, @Nullable Array x) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setArray(at, (Array) value));
    }

    @Override
    public void setBlob(int index, @Nullable Blob x) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setBlob(at, (Blob) value));
    }

    @Override
    public void setClob(int index, @Nullable Clob x) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setClob(at, (Clob) value));
    }

    @Override
    public void setNClob(int index, @Nullable NClob x) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setNClob(at, (NClob) value));
    }

    @Override
    public void setSQLXML(int index, @Nullable SQLXML x) throws SQLException {
        object(index, x, (statement, at, value) -> statement.setSQLXML(at, (SQLXML) value));
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream x) throws SQLException {
        stream(index, direct -> direct.setAsciiStream(index, x), alone -> alone.setAsciiStream(index, x));
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream x, int length) throws SQLException {
        stream(
                length,
                () -> setAsciiStream(index, x),
                index,
                direct -> direct.setAsciiStream(index, x, length),
                alone -> alone.setAsciiStream(index, x, length));
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream x, long length) throws SQLException {
        stream(
                length,
                () -> setAsciiStream(index, x),
                index,
                direct -> direct.setAsciiStream(index, x, length),
                alone -> alone.setAsciiStream(index, x, length));
    }

    @Override
    @Deprecated
    public void setUnicodeStream(int index, @Nullable InputStream x, int length) throws SQLException {
        stream(
                index,
                direct -> direct.setUnicodeStream(index, x, length),
                alone -> alone.setUnicodeStream(index, x, length));
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream x) throws SQLException {
        stream(index, direct -> direct.setBinaryStream(index, x), alone -> alone.setBinaryStream(index, x));
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream x, int length) throws SQLException {
        stream(
                length,
                () -> setBinaryStream(index, x),
                index,
                direct -> direct.setBinaryStream(index, x, length),
                alone -> alone.setBinaryStream(index, x, length));
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream x, long length) throws SQLException {
        stream(
                length,
                () -> setBinaryStream(index, x),
                index,
                direct -> direct.setBinaryStream(index, x, length),
                alone -> alone.setBinaryStream(index, x, length));
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader x) throws SQLException {
        stream(index, direct -> direct.setCharacterStream(index, x), alone -> alone.setCharacterStream(index, x));
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader x, int length) throws SQLException {
        stream(
                length,
                () -> setCharacterStream(index, x),
                index,
                direct -> direct.setCharacterStream(index, x, length),
                alone -> alone.setCharacterStream(index, x, length));
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        stream(
                length,
                () -> setCharacterStream(index, x),
                index,
                direct -> direct.setCharacterStream(index, x, length),
                alone -> alone.setCharacterStream(index, x, length));
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader x) throws SQLException {
        stream(index, direct -> direct.setNCharacterStream(index, x), alone -> alone.setNCharacterStream(index, x));
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        stream(
                length,
                () -> setNCharacterStream(index, x),
                index,
                direct -> direct.setNCharacterStream(index, x, length),
                alone -> alone.setNCharacterStream(index, x, length));
    }

    @Override
    public void setBlob(int index, @Nullable InputStream x) throws SQLException {
        stream(index, direct -> direct.setBlob(index, x), alone -> alone.setBlob(index, x));
    }

    @Override
    public void setBlob(int index, @Nullable InputStream x, long length) throws SQLException {
        stream(
                length,
                () -> setBlob(index, x),
                index,
                direct -> direct.setBlob(index, x, length),
                alone -> alone.setBlob(index, x, length));
    }

    @Override
    public void setClob(int index, @Nullable Reader x) throws SQLException {
        stream(index, direct -> direct.setClob(index, x), alone -> alone.setClob(index, x));
    }

    @Override
    public void setClob(int index, @Nullable Reader x, long length) throws SQLException {
        stream(
                length,
                () -> setClob(index, x),
                index,
                direct -> direct.setClob(index, x, length),
                alone -> alone.setClob(index, x, length));
    }

    @Override
    public void setNClob(int index, @Nullable Reader x) throws SQLException {
        stream(index, direct -> direct.setNClob(index, x), alone -> alone.setNClob(index, x));
    }

    @Override
    public void setNClob(int index, @Nullable Reader x, long length) throws SQLException {
        stream(
                length,
                () -> setNClob(index, x),
                index,
                direct -> direct.setNClob(index, x, length),
                alone -> alone.setNClob(index, x, length));
    }
}
