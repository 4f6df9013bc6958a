package io.dualwrite.jdbc;

import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Mirroring;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the objects that the application holds. Each method gives back a half; the build's proxy step derives from the
 * method's signature which concrete class to make and which constructor to call, and puts its body in place of the one
 * below. A further half needs nothing but a further method here.
 */
final class Proxies {
    private Proxies() {}

    static DualResultSet resultSet(
            ResultSet delegate, @Nullable AnsweringStatement statement, @Nullable AnsweredRows answered) {
        throw notMade();
    }

    static DualResultSetMetaData resultSetMetaData(ResultSetMetaData delegate, int columns) {
        throw notMade();
    }

    static DualDatabaseMetaData metaData(VendorMetaData vendor, DualConnection connection) throws SQLException {
        throw notMade();
    }

    static DualConnection connection(
            Mirroring shared, DualTransaction transaction, Classifiers classifiers, @Nullable Runnable returns) {
        throw notMade();
    }

    static DualStatement statement(
            DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        throw notMade();
    }

    static DualPreparedStatement preparedStatement(
            DualConnection connection, String sql, KeyRequest keys, VendorStatements.Maker maker) {
        throw notMade();
    }

    static DualCallableStatement callableStatement(
            DualConnection connection, String sql, VendorStatements.Maker maker) {
        throw notMade();
    }

    private static IllegalStateException notMade() {
        return new IllegalStateException("the build's proxy step has not run");
    }
}
