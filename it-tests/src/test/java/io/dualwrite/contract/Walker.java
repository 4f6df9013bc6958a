package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a walk holds in its hands: a connection, and statements, results and savepoints by name. Not thread-safe. */
final class Walker {
    final Connection connection;
    final Transcript transcript;
    final Map<String, Savepoint> savepoints = new HashMap<>();
    /** Prepared statements of which a parameter is a stream, and whether that has been read. */
    final Map<String, Boolean> streams = new HashMap<>();

    private final Map<String, Statement> statements = new HashMap<>();
    private final Map<String, ResultSet> results = new HashMap<>();

    interface Making {
        @Nullable
        Object make() throws SQLException;
    }

    interface OnStatement<S extends Statement> {
        @Nullable
        Object ask(S statement) throws Exception;
    }

    interface OnResult {
        @Nullable
        Object ask(ResultSet rows) throws Exception;
    }

    Walker(Connection connection, Transcript transcript) {
        this.connection = connection;
        this.transcript = transcript;
    }

    void ask(String what, Transcript.Question question) {
        transcript.ask(what, question);
    }

    /** Takes what is made in hand under the name; what was there before is let go of, not closed. */
    void make(String name, String what, Making making) {
        transcript.ask(what, () -> {
            Object made = making.make();
            if (made instanceof Statement) {
                streams.remove(name);
                statements.put(name, (Statement) made);
            } else if (made instanceof ResultSet) {
                results.put(name, (ResultSet) made);
            } else if (made instanceof Savepoint) {
                savepoints.put(name, (Savepoint) made);
            }
            return made;
        });
    }

    /** Nothing where no statement has the name, so that a walk stays one when steps are left out. */
    void statement(String name, String what, OnStatement<Statement> question) {
        Statement statement = statements.get(name);
        if (statement != null) {
            transcript.ask(what, () -> question.ask(statement));
        }
    }

    void letGo(String name) {
        statements.remove(name);
    }

    void prepared(String name, String what, OnStatement<PreparedStatement> question) {
        if (statements.get(name) instanceof PreparedStatement) {
            PreparedStatement prepared = (PreparedStatement) statements.get(name);
            transcript.ask(what, () -> question.ask(prepared));
        }
    }

    /**
     * Executes, or adds to a batch, unless a stream among the parameters has been read: the vendor's driver would read it again to no
     * effect, a recorded one gives its value.
     */
    void withParameters(String name, Transcript.Action action) throws Exception {
        Boolean read = streams.get(name);
        if (read == null || !read) {
            action.run();
        }
        streams.computeIfPresent(name, (statement, before) -> true);
    }

    void result(String name, String what, OnResult question) {
        ResultSet rows = results.get(name);
        if (rows != null) {
            transcript.ask(what, () -> question.ask(rows));
        }
    }

    /** Takes the rows that a statement gives in hand. */
    void rowsOf(String statement, String result, String what, OnStatement<Statement> question) {
        Statement asked = statements.get(statement);
        if (asked != null) {
            make(result, what, () -> {
                try {
                    return question.ask(asked);
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    boolean autoCommit() throws SQLException {
        return !connection.isClosed() && connection.getAutoCommit();
    }
}
