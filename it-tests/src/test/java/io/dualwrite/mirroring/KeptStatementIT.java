package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A statement that is kept while rungs come and go, as a pool of statements does it, is as good as one made where it is used. */
class KeptStatementIT {
    private static final String QUERY = "SELECT id, note FROM paper WHERE id = 1";
    private static final String WITH_PARAMETER = "SELECT id, note FROM paper WHERE id = ?";

    private static final List<List<Rung>> WALKS = List.of(
            List.of(Rung.OLD_ONLY, Rung.NEW_ONLY),
            List.of(Rung.NEW_ONLY, Rung.OLD_ONLY),
            List.of(Rung.OLD_ONLY, Rung.NEW_ONLY, Rung.OLD_ONLY),
            List.of(Rung.OLD_ONLY, Rung.NEW_ONLY, Rung.DUAL_READ_NEW),
            List.of(Rung.DUAL_READ_NEW, Rung.OLD_ONLY, Rung.DUAL_READ_NEW),
            List.of(Rung.DUAL_READ_NEW, Rung.OLD_ONLY, Rung.DUAL_READ_NEW, Rung.NEW_ONLY, Rung.DUAL_READ_OLD),
            List.of(Rung.DUAL_READ_OLD, Rung.NEW_ONLY, Rung.STRICT_READ_NEW, Rung.OLD_ONLY));

    private interface Making {
        Statement make(Connection connection) throws SQLException;
    }

    private interface Running {
        boolean run(Statement statement) throws SQLException;
    }

    /** How the application makes a statement and runs it. */
    private enum Form {
        TEXT(Connection::createStatement, statement -> statement.execute(QUERY)),
        PREPARED(connection -> connection.prepareStatement(QUERY), statement -> ((PreparedStatement) statement)
                .execute()),
        WITH_PARAMETERS(connection -> connection.prepareStatement(WITH_PARAMETER), statement -> {
            ((PreparedStatement) statement).setInt(1, 1);
            return ((PreparedStatement) statement).execute();
        }),
        WITH_KEYS(
                connection -> connection.prepareStatement(
                        "UPDATE paper SET note = 'used' WHERE id = 1", Statement.RETURN_GENERATED_KEYS),
                statement -> ((PreparedStatement) statement).execute());

        private final Making making;
        private final Running running;

        Form(Making making, Running running) {
            this.making = making;
            this.running = running;
        }
    }

    static Stream<Arguments> everywhere() {
        List<Arguments> all = new ArrayList<>();
        for (List<String> vendors : List.of(
                List.of("h2", "h2"),
                List.of("postgres", "postgres"),
                List.of("mariadb", "mariadb"),
                List.of("postgres", "mariadb"),
                List.of("mariadb", "h2"))) {
            for (List<Rung> walk : WALKS) {
                all.add(Arguments.of(vendors.get(0), vendors.get(1), walk));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void statementIsKept_itIsAsOneMadeThere(String old, String other, List<Rung> walk) throws Exception {
        try (TwoSides sides = sides(old, other);
                Connection connection = connectOn(sides, walk.get(0))) {
            List<Statement> kept = new ArrayList<>();
            for (Form form : Form.values()) {
                kept.add(form.making.make(connection));
                Statement used = form.making.make(connection);
                use(form, used);
                kept.add(used);
            }
            for (Rung rung : walk.subList(1, walk.size())) {
                standOn(rung, sides, connection);
                for (int i = 1; i < kept.size(); i += 2) {
                    Form form = Form.values()[i / 2];
                    assertThat(use(form, kept.get(i)))
                            .as("%s on %s", form, rung)
                            .isEqualTo(use(form, form.making.make(connection)));
                }
            }
            for (int i = 0; i < kept.size(); i++) {
                Form form = Form.values()[i / 2];
                Statement fresh = form.making.make(connection);
                assertThat(use(form, kept.get(i)))
                        .as("%s, used %s", form, i % 2 == 1)
                        .isEqualTo(use(form, fresh));
                assertThat(end(form, kept.get(i)))
                        .as("%s at the end, used %s", form, i % 2 == 1)
                        .isEqualTo(end(form, fresh));
            }
        }
    }

    /** Nothing has begun on the new rung, so that the leg on the side that is left is still there. */
    @ParameterizedTest
    @CsvSource({"postgres, mariadb, OLD_ONLY, NEW_ONLY", "mariadb, postgres, DUAL_READ_NEW, OLD_ONLY"})
    void preparedStatementIsAskedAfterTheFlip_theSideThatIsReadSays(String old, String other, Rung from, Rung to)
            throws Exception {
        try (TwoSides sides = sides(old, other);
                Connection connection = connectOn(sides, from);
                PreparedStatement kept = connection.prepareStatement(QUERY)) {
            kept.executeQuery().close();
            sides.standing.move(to);
            try (PreparedStatement fresh = connection.prepareStatement(QUERY)) {
                assertThat(kept.getMetaData().getColumnTypeName(2))
                        .isEqualTo(fresh.getMetaData().getColumnTypeName(2));
                assertThat(kept.getParameterMetaData().getClass())
                        .isEqualTo(fresh.getParameterMetaData().getClass());
            }
        }
    }

    /** It has ended with its rows, on every side. */
    @ParameterizedTest
    @CsvSource({"h2, h2", "postgres, mariadb", "mariadb, postgres"})
    void statementEndedOnCompletion_itStaysClosedAfterTheFlip(String old, String other) throws Exception {
        try (TwoSides sides = sides(old, other);
                Connection connection = connectOn(sides, Rung.OLD_ONLY);
                PreparedStatement kept = connection.prepareStatement(QUERY)) {
            kept.closeOnCompletion();
            kept.executeQuery().close();
            standOn(Rung.NEW_ONLY, sides, connection);
            assertThat(kept.isClosed()).isTrue();
            assertThatThrownBy(kept::executeQuery).isInstanceOf(SQLException.class);
        }
    }

    /** What it has answered is the application's, as the bare driver keeps it. */
    @Test
    void anotherStatementRunsAfterTheFlip_theCountIsStillThere() throws Exception {
        try (TwoSides sides = sides("postgres", "mariadb");
                Connection connection = connectOn(sides, Rung.OLD_ONLY);
                Statement kept = connection.createStatement()) {
            kept.execute("UPDATE paper SET note = 'counted'");
            standOn(Rung.NEW_ONLY, sides, connection);
            assertThat(kept.getUpdateCount()).isOne();
        }
    }

    private static TwoSides sides(String old, String other) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(old), SharedServers.of(other), "paper", Map.of());
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))", "INSERT INTO paper VALUES (1, 'a')");
        return sides;
    }

    private static Connection connectOn(TwoSides sides, Rung rung) throws SQLException {
        sides.standing.move(rung);
        return sides.connect();
    }

    /** Another statement of the connection's is the first that runs there, and the side that is not used is let go. */
    private static void standOn(Rung rung, TwoSides sides, Connection connection) throws SQLException {
        sides.standing.move(rung);
        try (Statement another = connection.createStatement()) {
            another.executeUpdate("UPDATE paper SET note = 'b' WHERE id = 1");
        }
        sides.settle();
    }

    private interface Question {
        Object ask() throws SQLException;
    }

    private static List<String> use(Form form, Statement statement) {
        List<String> seen = new ArrayList<>();
        seen.add(answer("closed", statement::isClosed));
        if (statement instanceof PreparedStatement) {
            PreparedStatement prepared = (PreparedStatement) statement;
            seen.add(answer("columns", () -> {
                var columns = prepared.getMetaData();
                return columns == null ? 0 : columns.getColumnTypeName(2);
            }));
            seen.add(answer("parameters", () -> prepared.getParameterMetaData().getParameterCount()));
        }
        seen.add(answer("timeout", () -> {
            statement.setQueryTimeout(7);
            return statement.getQueryTimeout();
        }));
        seen.add(answer("fetch size", () -> {
            statement.setFetchSize(3);
            return statement.getFetchSize();
        }));
        seen.add(answer("most rows", () -> {
            statement.setMaxRows(5);
            return statement.getMaxRows();
        }));
        seen.add(answer("type", statement::getResultSetType));
        seen.add(answer("cancel", () -> {
            statement.cancel();
            return "done";
        }));
        seen.add(answer("warnings", () -> {
            statement.clearWarnings();
            return "none";
        }));
        seen.add(answer("rows", () -> form.running.run(statement)));
        seen.add(answer("count", statement::getUpdateCount));
        seen.add(answer("result", () -> {
            var rows = statement.getResultSet();
            if (rows == null) {
                return "none";
            }
            try (rows) {
                return TwoSides.texts(rows);
            }
        }));
        seen.add(answer("more", statement::getMoreResults));
        seen.add(answer("closed", statement::isClosed));
        return seen;
    }

    private static List<String> end(Form form, Statement statement) {
        List<String> seen = new ArrayList<>();
        seen.add(answer("close", () -> {
            statement.close();
            return "done";
        }));
        seen.add(answer("closed", statement::isClosed));
        seen.add(answer("timeout", () -> {
            statement.setQueryTimeout(7);
            return "set";
        }));
        seen.add(answer("rows", () -> form.running.run(statement)));
        return seen;
    }

    private static String answer(String what, Question question) {
        try {
            return what + ": " + question.ask();
        } catch (SQLException e) {
            return what + ": " + e.getClass().getSimpleName() + " " + e.getSQLState();
        }
    }
}
