package io.dualwrite.mirror;

import io.dualwrite.sql.Classification.Trait;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Executes on a leg what the application asked for, on its terms: a text as it is, or prepared and with its values. Stateless.
 */
final class Executing {
    private Executing() {}

    /** Executes on a statement that ends with its rows. */
    private static <T> T verbatim(Leg leg, WriteRequest request, Execution<Statement, T> execution)
            throws SQLException {
        Statement plain = leg.plain(request.terms);
        try {
            return timed(leg, plain, request, execution);
        } catch (SQLException e) {
            plain.close();
            throw e;
        }
    }

    /** Runs a query that is made of the application's text, with its values after the first {@code from}. */
    static ResultSet rows(Leg leg, WriteRequest request, String query, int from) throws SQLException {
        if (request.isVerbatim()) {
            return verbatim(leg, request, plain -> plain.executeQuery(query));
        }
        PreparedStatement prepared = leg.prepare(query);
        request.binder.bind(prepared, from);
        return timed(leg, prepared, request, PreparedStatement::executeQuery);
    }

    /** Takes the query's statement out of the cache where it is there: its user closes it. */
    static void handOver(Leg leg, WriteRequest request, String query) {
        if (!request.isVerbatim()) {
            leg.handOver(query);
        }
    }

    /** Runs the write without learning its rows. */
    static WriteOutcome unwatched(Leg leg, WriteRequest request) throws SQLException {
        if (request.classification.is(Trait.RETURNS_ROWS)) {
            ResultSet rows = rows(leg, request, request.sql, 0);
            handOver(leg, request, request.sql);
            return new WriteOutcome(0, rows, 0, rows.getStatement(), true).warnedOf(warningsOf(rows.getStatement()));
        }
        if (!request.keys.wanted()) {
            return plain(leg, request);
        }
        if (request.isVerbatim()) {
            return verbatim(leg, request, plain -> {
                int count = request.keys.executeUpdate(plain, request.sql);
                return new WriteOutcome(count, plain.getGeneratedKeys(), 0, plain, false).warnedOf(warningsOf(plain));
            });
        }
        PreparedStatement prepared = request.keys.prepare(leg.connection, request.sql);
        request.binder.bind(prepared, 0);
        int count = timed(leg, prepared, request, PreparedStatement::executeUpdate);
        return new WriteOutcome(count, prepared.getGeneratedKeys(), 0, prepared, false).warnedOf(warningsOf(prepared));
    }

    /** Runs the write as it is, for its count. */
    static WriteOutcome plain(Leg leg, WriteRequest request) throws SQLException {
        if (request.isVerbatim()) {
            try (Statement plain = leg.plain(request.terms)) {
                int count = timed(leg, plain, request, running -> running.executeUpdate(request.sql));
                return WriteOutcome.count(count).warnedOf(warningsOf(plain));
            }
        }
        return update(leg, request, request.sql, prepared -> {});
    }

    /** What is set on a statement behind the application's values. */
    interface Further {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Runs an update that is made of the application's text, for its count. */
    static WriteOutcome update(Leg leg, WriteRequest request, String sql, Further further) throws SQLException {
        PreparedStatement prepared = leg.prepare(sql);
        request.binder.bind(prepared, 0);
        further.bind(prepared);
        int count = timed(leg, prepared, request, PreparedStatement::executeUpdate);
        return WriteOutcome.count(count).warnedOf(warningsOf(prepared));
    }

    /** How a statement is executed. */
    interface Execution<S extends Statement, T> {
        T of(S statement) throws SQLException;
    }

    /** Executes under the application's query timeout; some drivers ask the server to change it, so it is touched only if there is one. */
    static <S extends Statement, T> T timed(Leg leg, S statement, WriteRequest request, Execution<S, T> execution)
            throws SQLException {
        leg.running(statement);
        try {
            if (request.terms.timeoutSeconds == 0) {
                return execution.of(statement);
            }
            leg.dialect.boundStatement(statement, request.terms.timeoutSeconds);
            try {
                return execution.of(statement);
            } finally {
                leg.dialect.unboundStatement(statement);
            }
        } finally {
            leg.running(null);
        }
    }

    /** MariaDB's driver asks its server for them. The statement has succeeded, whatever comes of that. */
    static @Nullable SQLWarning warningsOf(Statement statement) {
        try {
            return statement.getWarnings();
        } catch (SQLException e) {
            Faults.LOG.debug("Warnings cannot be read: {}", Faults.described(e));
            return null;
        }
    }
}
