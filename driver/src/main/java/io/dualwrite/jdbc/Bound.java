package io.dualwrite.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that needs more than its value to be set: a length, a calendar, a type, a spooled stream, or an object that
 * belongs to one side's connection and has to be made anew on the other's. Immutable but for {@link #bindAgain}; a spool in it has to be
 * released. Not thread-safe.
 */
final class Bound {

    /** Sets a value that is already fit for the statement's side. */
    interface Setter<T> {
        void set(PreparedStatement statement, int index, @Nullable T value) throws SQLException;
    }

    /** Sets the whole parameter. */
    interface Binding {
        void bind(PreparedStatement statement, int index) throws SQLException;
    }

    /** The value as it can be read, where it is {@link #readable}. */
    final @Nullable Object value;

    final @Nullable Spool spool;
    /** Whether every execution reads it anew, as a large object; a stream is read once. */
    private final boolean rereads;

    private final boolean referring;
    /** Whether a statement has been executed with it. */
    private boolean executed;

    private final Binding binding;

    Bound(@Nullable Object value, Binding binding) {
        this(value, null, false, false, binding);
    }

    private static Bound referringTo(Binding binding) {
        return new Bound(null, null, false, true, binding);
    }

    private static Bound stream(Spool spool, Binding binding) {
        return new Bound(null, spool, false, false, binding);
    }

    private static Bound largeObject(Spool spool, Binding binding) {
        return new Bound(null, spool, true, false, binding);
    }

    private Bound(@Nullable Object value, @Nullable Spool spool, boolean rereads, boolean referring, Binding binding) {
        this.rereads = rereads;
        this.value = value;
        this.spool = spool;
        this.referring = referring;
        this.binding = binding;
    }

    void bind(PreparedStatement statement, int index) throws SQLException {
        binding.bind(statement, index);
    }

    void retain() {
        if (spool != null) {
            spool.retain();
        }
    }

    void release() {
        if (spool != null) {
            spool.release();
        }
    }

    /** Sets it again ahead of an execution, where an earlier one has read what every execution reads anew. */
    void bindAgain(PreparedStatement statement, int index) throws SQLException {
        if (rereads && executed) {
            bind(statement, index);
        }
        executed = true;
    }

    /** Whether {@link #value} is what was set. */
    boolean readable() {
        return spool == null && !referring;
    }

    /** Whether a mere copy of the value would not do: if it is a stream or belongs to a connection. */
    static boolean mustBind(@Nullable Object value) {
        return value instanceof InputStream
                || value instanceof Reader
                || value instanceof Blob
                || value instanceof Clob
                || value instanceof Array
                || value instanceof SQLXML;
    }

    /** A value of any class that an application may set: copied or spooled. */
    static Bound of(@Nullable Object value, Setter<Object> setter) throws SQLException {
        if (value instanceof InputStream) {
            return spooled((InputStream) value, Long.MAX_VALUE, setter::set);
        }
        if (value instanceof Reader) {
            return spooled((Reader) value, Long.MAX_VALUE, setter::set);
        }
        if (value instanceof Blob) {
            return blob((Blob) value);
        }
        if (value instanceof Clob) {
            return clob((Clob) value);
        }
        if (value instanceof Array) {
            return array((Array) value, setter);
        }
        if (value instanceof SQLXML) {
            return xml((SQLXML) value, setter);
        }
        Object copy = Copies.of(value);
        return new Bound(copy, (statement, index) -> setter.set(statement, index, copy));
    }

    /** A value that is read only when it is set: a large object, an array or XML, as long as its connection lives. */
    static Bound referring(@Nullable Object value, Setter<Object> setter) throws SQLException {
        if (value instanceof Blob) {
            Blob blob = (Blob) value;
            return referringTo((statement, index) -> statement.setBlob(index, blob.getBinaryStream(), blob.length()));
        }
        if (value instanceof NClob) {
            NClob clob = (NClob) value;
            return referringTo((statement, index) -> setNClob(statement, index, clob));
        }
        if (value instanceof Clob) {
            Clob clob = (Clob) value;
            return referringTo((statement, index) -> setClob(statement, index, clob));
        }
        if (mustBind(value)) {
            return referringTo((statement, index) -> of(value, setter).bind(statement, index));
        }
        return of(value, setter);
    }

    /** A stream of bytes of which at most {@code limit} are the parameter; a length below 0 is left to the vendor. */
    static Bound spooled(@Nullable InputStream stream, long limit, Setter<InputStream> setter) throws SQLException {
        if (stream == null || limit < 0) {
            return new Bound(stream, (statement, index) -> setter.set(statement, index, stream));
        }
        Spool spool = Spool.bytes(stream, limit);
        return stream(spool, (statement, index) -> setter.set(statement, index, spool.stream()));
    }

    /** A stream of characters, likewise. */
    static Bound spooled(@Nullable Reader reader, long limit, Setter<Reader> setter) throws SQLException {
        if (reader == null || limit < 0) {
            return new Bound(reader, (statement, index) -> setter.set(statement, index, reader));
        }
        Spool spool = Spool.characters(reader, limit);
        return stream(spool, (statement, index) -> setter.set(statement, index, spool.reader()));
    }

    /** Set as a stream with its length: not every vendor can fill a large object of its own. */
    private static Bound blob(Blob blob) throws SQLException {
        Spool spool = Spool.bytes(blob.getBinaryStream(), Long.MAX_VALUE).requireWhole();
        return largeObject(spool, (statement, index) -> statement.setBlob(index, spool.stream(), spool.size()));
    }

    private static Bound clob(Clob clob) throws SQLException {
        Spool spool =
                Spool.characters(clob.getCharacterStream(), Long.MAX_VALUE).requireWhole();
        NClob replay = new SpooledClob(spool);
        return largeObject(
                spool,
                clob instanceof NClob
                        ? (statement, index) -> setNClob(statement, index, replay)
                        : (statement, index) -> setClob(statement, index, replay));
    }

    /** As a stream; PostgreSQL's driver takes none, but reads the object's own. */
    private static void setClob(PreparedStatement statement, int index, Clob clob) throws SQLException {
        try {
            statement.setClob(index, clob.getCharacterStream(), clob.length());
        } catch (SQLFeatureNotSupportedException noStream) {
            statement.setClob(index, clob);
        }
    }

    /** As {@link #setClob}. */
    private static void setNClob(PreparedStatement statement, int index, NClob clob) throws SQLException {
        try {
            statement.setNClob(index, clob.getCharacterStream(), clob.length());
        } catch (SQLFeatureNotSupportedException noStream) {
            statement.setNClob(index, clob);
        }
    }

    private static Bound array(Array array, Setter<Object> setter) throws SQLException {
        String type = array.getBaseTypeName();
        Object @Nullable [] texts = isPostgres(array) ? texts(array) : null;
        Object @Nullable [] elements = texts == null ? Copies.elements(array.getArray()) : texts;
        return new Bound(
                elements,
                (statement, index) ->
                        setter.set(statement, index, statement.getConnection().createArrayOf(type, elements)));
    }

    private static boolean isPostgres(Array array) {
        return array.getClass().getName().startsWith("org.postgresql.");
    }

    /**
     * The elements' texts where Java's classes, as PostgreSQL's driver gives them, hold less: times without fractions, dates without
     * infinity, bits, what is no number. Null where they do not, or the elements are arrays.
     */
    private static Object @Nullable [] texts(Array array) throws SQLException {
        switch (array.getBaseType()) {
            case Types.BIT:
            case Types.NUMERIC:
            case Types.DATE:
            case Types.TIME:
            case Types.TIME_WITH_TIMEZONE:
            case Types.TIMESTAMP:
            case Types.TIMESTAMP_WITH_TIMEZONE:
                break;
            default:
                return null;
        }
        if (array.toString() == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = array.getResultSet();
                Statement ofRows = rows.getStatement()) {
            if (rows.getMetaData().getColumnType(2) == Types.ARRAY) {
                return null;
            }
            while (rows.next()) {
                texts.add(rows.getString(2));
            }
        } catch (SQLException connectionIsGone) {
            return null;
        }
        return texts.toArray(new String[0]);
    }

    private static Bound xml(SQLXML xml, Setter<Object> setter) throws SQLException {
        String text = xml.getString();
        return new Bound(text, (statement, index) -> {
            SQLXML own = statement.getConnection().createSQLXML();
            own.setString(text);
            setter.set(statement, index, own);
        });
    }
}
