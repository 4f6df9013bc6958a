package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that a trigger or a rule of PostgreSQL's leaves out, writing something else in their place (R25). */
class LeftOutRowsIT {
    private static final List<String> ROWS =
            List.of("SELECT id, name, gone FROM item ORDER BY id", "SELECT id, name FROM item_late ORDER BY id");
    private static final String MARKED =
            "SELECT DISTINCT LOWER(table_name), row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY 1, 2";

    private static TwoSides sides(Map<String, String> further) throws Exception {
        TwoSides sides = new TwoSides(
                SharedServers.of("postgres"), SharedServers.secondOf("postgres"), "item, item_late", further);
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50), gone BOOLEAN DEFAULT FALSE)",
                "CREATE TABLE item_late (id INT PRIMARY KEY, name VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one'), (2, 'two')",
                "CREATE FUNCTION softly() RETURNS TRIGGER LANGUAGE plpgsql AS"
                        + " 'BEGIN UPDATE item SET gone = TRUE WHERE id = OLD.id; RETURN NULL; END'",
                "CREATE TRIGGER softly BEFORE DELETE ON item FOR EACH ROW EXECUTE FUNCTION softly()",
                "CREATE FUNCTION divert() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN IF NEW.id < 100 THEN RETURN NEW; END IF;"
                        + " INSERT INTO item_late VALUES (NEW.id, NEW.name); RETURN NULL; END'",
                "CREATE TRIGGER divert BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION divert()",
                "CREATE FUNCTION frozen() RETURNS TRIGGER LANGUAGE plpgsql AS"
                        + " 'BEGIN IF OLD.gone THEN RETURN NULL; END IF; RETURN NEW; END'",
                "CREATE TRIGGER frozen BEFORE UPDATE ON item FOR EACH ROW WHEN (NEW.name IS NOT NULL)"
                        + " EXECUTE FUNCTION frozen()");
        return sides;
    }

    static Stream<String> leavingOut() {
        return Stream.of(
                "DELETE FROM item WHERE id = 1",
                "DELETE FROM item WHERE id IN (1, 2)",
                "INSERT INTO item VALUES (100, 'late')",
                "INSERT INTO item VALUES (3, 'three'), (101, 'late')",
                "INSERT INTO item SELECT 102, 'late'",
                "INSERT INTO item VALUES (103, 'late') ON CONFLICT (id) DO UPDATE SET name = 'again'");
    }

    static Stream<Arguments> leftOut() {
        return leavingOut()
                .flatMap(sql -> Stream.of(Rung.values()).filter(Rung::dual).map(rung -> Arguments.of(sql, rung)));
    }

    @ParameterizedTest
    @MethodSource("leftOut")
    void rowsAreLeftOut_anyTableIsMarked_orBothSidesAreRolledBack(String sql, Rung rung) throws Exception {
        try (TwoSides sides = sides(Map.of())) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                if (rung.strict()) {
                    List<String> before = sides.rows(Side.OLD, ROWS.get(0));
                    assertThatThrownBy(() -> statement.executeUpdate(sql))
                            .isInstanceOf(SQLException.class)
                            .extracting(raised ->
                                    ((SQLException) raised).getSQLState().substring(0, 2))
                            .isEqualTo("40");
                    for (Side side : Side.values()) {
                        assertThat(sides.rows(side, ROWS.get(0))).isEqualTo(before);
                        assertThat(sides.rows(side, ROWS.get(1))).isEmpty();
                    }
                } else {
                    statement.executeUpdate(sql);
                    sides.settle();
                    assertThat(sides.rows(rung.authority(), MARKED)).contains("*|null");
                }
            }
        }
    }

    /** In 5 the row is where the application reads. */
    @ParameterizedTest
    @MethodSource("leavingOut")
    void whatIsWrittenInTheirPlace_isOnTheSideThatIsRead(String sql) throws Exception {
        try (TwoSides sides = sides(Map.of());
                TwoSides expected = sides(Map.of())) {
            sides.standing.move(Rung.DUAL_READ_NEW);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement();
                    Connection bare = expected.bare(Side.OLD);
                    Statement alone = bare.createStatement()) {
                statement.executeUpdate(sql);
                alone.executeUpdate(sql);
            }
            for (String rows : ROWS) {
                assertThat(sides.rows(Side.NEW, rows)).isEqualTo(expected.rows(Side.OLD, rows));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void noRowIsLeftOut_theRowsAloneAreMarked(Rung rung) throws Exception {
        try (TwoSides sides =
                sides(Map.of("routine.divert", "reads", "routine.softly", "reads", "routine.frozen", "reads"))) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO item VALUES (3, 'three'), (4, 'four')");
                statement.executeUpdate("UPDATE item SET name = 'zwei' WHERE id = 2");
                statement.executeUpdate("INSERT INTO item VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET name = 'due'");
                statement.executeUpdate("INSERT INTO item VALUES (2, 'x') ON CONFLICT (id) DO NOTHING");
                assertThat(statement.executeUpdate("DELETE FROM item WHERE id = 99"))
                        .isZero();
            }
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED)).doesNotContain("*|null", "item|null");
            assertThat(sides.rows(Side.NEW, ROWS.get(0)))
                    .isEqualTo(sides.rows(Side.OLD, ROWS.get(0)))
                    .containsExactly("1|one|f", "2|due|f", "3|three|f", "4|four|f");
        }
    }

    /** The server runs what the rule says, and gives no rows back for it. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void rule_isMarkedOrRefused(Rung rung) throws Exception {
        try (TwoSides sides = sides(Map.of())) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of("CREATE RULE stays AS ON DELETE TO item_late DO INSTEAD"
                                + " UPDATE item_late SET name = 'gone' WHERE id = OLD.id"));
            }
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                String sql = "DELETE FROM item_late WHERE id = 1";
                if (rung.strict()) {
                    assertThatThrownBy(() -> statement.executeUpdate(sql))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("the rule stays");
                } else {
                    statement.executeUpdate(sql);
                    sides.settle();
                    // What the rule does in its place is not known.
                    assertThat(sides.rows(rung.authority(), MARKED)).contains("*|null");
                }
            }
        }
    }
}
