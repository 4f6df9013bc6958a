package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * The text of an application's large object for a vendor's driver that takes no stream: it is read from its beginning each time it
 * is asked for. Thread-safe as the spool is.
 */
final class SpooledClob implements NClob {
    private final Spool spool;

    SpooledClob(Spool spool) {
        this.spool = spool;
    }

    @Override
    public long length() {
        return spool.size() / 2;
    }

    @Override
    public Reader getCharacterStream() {
        return spool.reader();
    }

    @Override
    public void free() {}

    @Override
    public String getSubString(long start, int length) throws SQLException {
        throw refused();
    }

    @Override
    public InputStream getAsciiStream() throws SQLException {
        throw refused();
    }

    @Override
    public Reader getCharacterStream(long start, long length) throws SQLException {
        throw refused();
    }

    @Override
    public long position(String text, long start) throws SQLException {
        throw refused();
    }

    @Override
    public long position(Clob text, long start) throws SQLException {
        throw refused();
    }

    @Override
    public int setString(long start, String text) throws SQLException {
        throw refused();
    }

    @Override
    public int setString(long start, String text, int offset, int length) throws SQLException {
        throw refused();
    }

    @Override
    public OutputStream setAsciiStream(long start) throws SQLException {
        throw refused();
    }

    @Override
    public Writer setCharacterStream(long start) throws SQLException {
        throw refused();
    }

    @Override
    public void truncate(long length) throws SQLException {
        throw refused();
    }

    private static SQLException refused() {
        return new SQLFeatureNotSupportedException("A parameter's text is read as one stream", SqlState.REFUSED.code());
    }
}
