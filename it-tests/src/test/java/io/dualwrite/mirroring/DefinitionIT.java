package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** DDL on dual rungs: both databases change, or it is refused; and no row loses a column that came meanwhile. */
class DefinitionIT {
    private static final String ROWS = "SELECT * FROM plan ORDER BY 1";

    private static TwoSides sides(String old, String other, String ddl) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(old), SharedServers.of(other), "plan", Map.of("ddl", ddl));
        for (Side side : Side.values()) {
            List<String> statements = new ArrayList<>();
            statements.add("CREATE TABLE plan (id INT PRIMARY KEY, note VARCHAR(20))");
            try (Connection connection = sides.bare(side)) {
                statements.addAll(Dialects.of(connection).ownTables());
            }
            sides.on(side, statements);
        }
        return sides;
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static Stream<Arguments> vendorsAndRungs() {
        return DatabaseServers.VENDORS.stream()
                .flatMap(vendor -> Stream.of(Rung.values()).filter(Rung::dual).map(rung -> Arguments.of(vendor, rung)));
    }

    @ParameterizedTest
    @MethodSource("vendorsAndRungs")
    void ddlBoth_bothSidesChangeAndTheNewColumnIsMirrored(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor, "both")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Connection elsewhere = sides.connectElsewhere()) {
                execute(connection, "INSERT INTO plan VALUES (1, 'before')");
                execute(elsewhere, "INSERT INTO plan (id, note) VALUES (2, 'before')");
                execute(
                        connection,
                        "ALTER TABLE plan ADD COLUMN pages INT DEFAULT 7",
                        "CREATE TABLE chapter (id INT PRIMARY KEY, title VARCHAR(20))",
                        "INSERT INTO chapter VALUES (1, 'one')",
                        "INSERT INTO plan (id, note, pages) VALUES (3, 'after', 3)");
                execute(
                        elsewhere,
                        "INSERT INTO plan (id, pages) VALUES (4, 4)",
                        "UPDATE plan SET pages = 20 WHERE id = 2",
                        "DROP TABLE chapter");
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS))
                        .containsExactly("1|before|7", "2|before|20", "3|after|3", "4|null|4");
                assertThatThrownBy(() -> sides.rows(side, "SELECT * FROM chapter"))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "NEW_ONLY"},
            mode = EnumSource.Mode.EXCLUDE)
    void schemaOrTransactionChangesAmongStatementsOfOneText_isRefused_andNeitherSideChanges(Rung rung)
            throws Exception {
        try (TwoSides sides = sides("postgres", "postgres", "both")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                assertThatThrownBy(() -> execute(
                                connection, "INSERT INTO plan VALUES (1, 'a'); ALTER TABLE plan ADD COLUMN pages INT"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class)
                        .hasMessageContaining("one of them DDL");
                connection.setAutoCommit(false);
                execute(connection, "INSERT INTO plan VALUES (2, 'b')");
                assertThatThrownBy(() -> execute(connection, "SELECT 1; ROLLBACK"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class)
                        .hasMessageContaining("one of them ROLLBACK");
                connection.commit();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS)).containsExactly("2|b");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vendorsAndRungs")
    void ddlBoth_commitsWhatWasOpen(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor, "both")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                connection.setAutoCommit(false);
                execute(connection, "INSERT INTO plan VALUES (1, 'kept')", "CREATE TABLE chapter (id INT PRIMARY KEY)");
                execute(connection, "INSERT INTO plan VALUES (2, 'undone')");
                connection.rollback();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS)).containsExactly("1|kept");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void mirrorCannotFollow_tableIsMarkedWhole(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres", "both")) {
            sides.on(rung.mirror(), List.of("ALTER TABLE plan ADD COLUMN pages TEXT"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                execute(connection, "ALTER TABLE plan ADD COLUMN pages INT");
            }
            assertThat(sides.rows(rung.authority(), "SELECT table_name, row_key FROM dualwrite_mark"))
                    .containsExactly("plan|null");
        }
    }

    /** Each server fills the rows with values of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres | ALTER TABLE plan ADD COLUMN token UUID DEFAULT gen_random_uuid() | plan",
                "postgres | CREATE TABLE chapter AS SELECT id FROM plan | chapter",
                "mariadb | ALTER TABLE plan ADD COLUMN token VARCHAR(40) DEFAULT (uuid()) | plan",
                "h2 | ALTER TABLE plan ADD COLUMN token UUID DEFAULT random_uuid() | plan"
            })
    void ddlBothThatFillsRows_tableIsMarkedWhole_orRefusedWhileCrossing(String vendor, String sql, String table)
            throws Exception {
        for (Rung rung : TwoSides.dual().toList()) {
            try (TwoSides sides = sides(vendor, vendor, "both")) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    execute(connection, "INSERT INTO plan VALUES (1, 'a')");
                    if (rung.strict()) {
                        assertThatThrownBy(() -> execute(connection, sql))
                                .isInstanceOf(SQLFeatureNotSupportedException.class)
                                .hasMessageContaining("fills rows");
                    } else {
                        execute(connection, sql);
                    }
                }
                sides.sweep();
                assertThat(sides.rows(rung.authority(), "SELECT table_name FROM dualwrite_mark"))
                        .as("%s", rung)
                        .isEqualTo(rung.strict() ? List.of() : List.of(table));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST"})
    void newCannotFollowWhileCrossing_applicationIsTold(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres", "both")) {
            sides.on(Side.NEW, List.of("ALTER TABLE plan ADD COLUMN pages TEXT"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                assertThatThrownBy(() -> execute(connection, "ALTER TABLE plan ADD COLUMN pages INT"))
                        .hasFieldOrPropertyWithValue("SQLState", "08007")
                        .hasMessageContaining("succeeded on old and failed on new");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, postgres, refuse", "postgres, h2, both"})
    void refused_nothingIsChanged(String old, String other, String ddl) throws Exception {
        try (TwoSides sides = sides(old, other, ddl)) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect()) {
                assertThatThrownBy(() -> execute(connection, "ALTER TABLE plan ADD COLUMN pages INT"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class)
                        .hasMessageContaining("DDL is refused while");
            }
            execute(sides.bare(Side.OLD), "INSERT INTO plan VALUES (1, 'two columns')");
            assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|two columns");
        }
    }
}
