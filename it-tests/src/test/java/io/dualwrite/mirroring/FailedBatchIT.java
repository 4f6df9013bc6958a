package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that fails in the middle of a transaction, which is committed all the same: what stays of it is what stays with the vendor's driver. */
class FailedBatchIT {
    private static final String ROWS = "SELECT id, name FROM paper ORDER BY id";

    private enum Entries {
        ROWS("INSERT INTO paper (name, id) VALUES (?, ?)", false, "a 4", "b 5", "again 1", "c 6"),
        ROWS_WITH_KEYS("INSERT INTO paper (name, id) VALUES (?, ?)", true, "a 4", "again 1", "c 6"),
        ONE_ROW("INSERT INTO paper (name, id) VALUES (?, ?)", false, "again 1"),
        UPDATES("UPDATE paper SET name = ? WHERE id = ?", false, "uno 1", "wrong 2", "tre 3"),
        DELETES("DELETE FROM paper WHERE name <> ? AND id = ?", false, "x 3", "x 2", "x 1");

        private final String text;
        private final boolean keys;
        private final List<String> values;

        Entries(String text, boolean keys, String... values) {
            this.text = text;
            this.keys = keys;
            this.values = List.of(values);
        }
    }

    private static Stream<Arguments> cases() {
        return Stream.of(
                        "postgres ?autosave=always",
                        "postgres ?autosave=conservative",
                        "postgres ?reWriteBatchedInserts=true&autosave=always",
                        "mariadb ?useServerPrepStmts=true",
                        "mariadb ?useBulkStmtsForInserts=true",
                        "mariadb ?useBulkStmtsForInserts=false",
                        "h2 ;LOCK_TIMEOUT=5000")
                .flatMap(url -> Stream.of(Entries.values()).map(entries -> Arguments.of(url, entries)));
    }

    private static void reset(TwoSides sides) throws Exception {
        for (Side side : Side.values()) {
            sides.on(
                    side,
                    List.of(
                            "DELETE FROM child",
                            "DELETE FROM paper",
                            "INSERT INTO paper VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                            "INSERT INTO child VALUES (2)"));
        }
    }

    /** Twice by one statement, then by another of the same text: MariaDB's driver tells otherwise of one that its server knows already. */
    private static List<String> observed(Connection connection, Entries entries) throws SQLException {
        List<String> seen = new ArrayList<>();
        try (PreparedStatement one = prepared(connection, entries);
                PreparedStatement other = prepared(connection, entries)) {
            for (PreparedStatement statement : List.of(one, one, other)) {
                seen.addAll(observed(connection, statement, entries));
            }
        }
        return seen;
    }

    private static PreparedStatement prepared(Connection connection, Entries entries) throws SQLException {
        return connection.prepareStatement(
                entries.text, entries.keys ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS);
    }

    private static List<String> observed(Connection connection, PreparedStatement statement, Entries entries)
            throws SQLException {
        List<String> seen = new ArrayList<>();
        connection.setAutoCommit(false);
        try {
            for (String value : entries.values) {
                statement.setString(1, value.split(" ")[0]);
                statement.setInt(2, Integer.parseInt(value.split(" ")[1]));
                statement.addBatch();
            }
            statement.executeBatch();
            seen.add("nothing failed");
        } catch (BatchUpdateException e) {
            seen.add(Arrays.toString(e.getUpdateCounts()) + ' ' + e.getSQLState() + ' ' + e.getErrorCode());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                seen.add(cause.getClass().getSimpleName()
                        + (cause instanceof BatchUpdateException inner
                                ? Arrays.toString(inner.getUpdateCounts())
                                : ""));
            }
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            seen.add("commit " + e.getSQLState());
            connection.rollback();
        }
        connection.setAutoCommit(true);
        return seen;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void committedBatchThatFailed_leavesWhatTheVendorsLeaves(String url, Entries entries) throws Exception {
        String vendor = url.substring(0, url.indexOf(' '));
        String more = url.substring(url.indexOf(' ') + 1);
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper, child")) {
            sides.prepare(
                    "CREATE TABLE paper (id INT PRIMARY KEY, name VARCHAR(20), CHECK (name <> 'wrong'))",
                    "CREATE TABLE child (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES paper (id))");
            reset(sides);
            List<String> expected;
            List<String> rows;
            try (Connection bare = sides.bareWith(more)) {
                expected = observed(bare, entries);
                rows = sides.rows(Side.OLD, ROWS);
            }
            for (Rung rung : Rung.values()) {
                reset(sides);
                sides.standing.move(rung);
                try (Connection connection = sides.connectWith(more)) {
                    assertThat(observed(connection, entries)).as("on %s", rung).isEqualTo(expected);
                }
                sides.settle();
                for (Side side : Side.values()) {
                    if (rung.uses(side)) {
                        assertThat(sides.rows(side, ROWS))
                                .as("%s on %s", side, rung)
                                .isEqualTo(rows);
                    }
                }
            }
        }
    }
}
