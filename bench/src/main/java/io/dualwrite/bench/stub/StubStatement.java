package io.dualwrite.bench.stub;

import java.sql.PreparedStatement;
import java.sql.ResultSet;

/** The one statement of a connection: keeps the last parameter and answers with one row, or one row changed. */
abstract class StubStatement implements PreparedStatement {
    private final StubResultSet rows = Rest.of(StubResultSet.class);
    private int number;
    private String text = "";

    @Override
    public void setInt(int index, int x) {
        number = x;
    }

    @Override
    public void setString(int index, String x) {
        text = x;
    }

    @Override
    public ResultSet executeQuery() {
        rows.open(number, text);
        return rows;
    }

    @Override
    public ResultSet executeQuery(String sql) {
        rows.open(number, sql);
        return rows;
    }

    @Override
    public int executeUpdate() {
        return 1;
    }

    @Override
    public boolean execute(String sql) {
        return false;
    }

    @Override
    public void clearParameters() {}

    @Override
    public void close() {}
}
