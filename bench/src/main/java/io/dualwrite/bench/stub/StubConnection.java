package io.dualwrite.bench.stub;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;

/** A connection that has no table of Dualwrite's own, as a database has none before {@code dualwrite init}. */
abstract class StubConnection implements Connection {
    private final StubStatement statement = Rest.of(StubStatement.class);
    private final StubMetaData metaData = Rest.of(StubMetaData.class);
    private boolean autoCommit = true;
    private boolean closed;

    @Override
    public Statement createStatement() {
        return statement;
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        if (sql.startsWith("dualwrite_", sql.indexOf("FROM ") + 5)) {
            throw new SQLSyntaxErrorException("the stub has no such table", "42S02");
        }
        return statement;
    }

    @Override
    public DatabaseMetaData getMetaData() {
        return metaData;
    }

    @Override
    public boolean getAutoCommit() {
        return autoCommit;
    }

    @Override
    public void setAutoCommit(boolean wanted) {
        autoCommit = wanted;
    }

    @Override
    public void setTransactionIsolation(int level) {}

    @Override
    public void commit() {}

    @Override
    public void rollback() {}

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
