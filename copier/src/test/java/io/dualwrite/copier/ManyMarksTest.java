package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Marks that lie behind more others than are read at a time. */
final class ManyMarksTest {
    private static final String MARKS =
            "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at) ";

    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.set("dataA", "author, stranger").set("dataB", "sales");
        databases.onBoth(
                "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))",
                "CREATE TABLE sales (id INT PRIMARY KEY, amount INT)");
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private void before(String table) throws Exception {
        databases.run(
                Side.OLD,
                MARKS + "SELECT 'before ' || x, 0, '" + table + "', x, 'test', 'app', 1, 0 FROM SYSTEM_RANGE(1, 6000)");
    }

    private void behind(String table, String key) throws Exception {
        databases.run(Side.OLD, MARKS + "VALUES ('behind', 0, '" + table + "', " + key + ", 'test', 'app', 1, 1)");
    }

    private Report freeze() throws Exception {
        try (Copier copier = databases.copier(Direction.UP)) {
            return copier.freeze(Selection.DATA_B);
        }
    }

    @Test
    void markOfATable_behindManyOfRows_isClearedByTheFreeze() throws Exception {
        before("author");
        behind("sales", "NULL");
        assertThat(freeze().clean()).isTrue();
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark WHERE id = 'behind'"))
                .containsExactly("0");
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark"))
                .containsExactly("6000");
    }

    @Test
    void markOfATable_behindManyOfRows_isSaidByVerify() throws Exception {
        before("author");
        behind("sales", "NULL");
        databases.run(Side.OLD, "INSERT INTO sales VALUES (1, 1)");
        try (Copier copier = databases.copier(Direction.UP)) {
            assertThat(copier.verify(Selection.ALL).differing())
                    .containsExactly(new Report.Difference("sales", "1", "missing on new (marked)"));
        }
    }

    @Test
    void markOfARow_behindManyThatStay_isMended() throws Exception {
        before("dropped_long_ago");
        databases.run(Side.OLD, "INSERT INTO author VALUES (7, 'seven')");
        behind("author", "'7'");
        try (Copier copier = databases.copier(Direction.UP)) {
            assertThat(copier.repair().differences()).isEqualTo(6_000);
        }
        assertThat(databases.rows(Side.NEW, "SELECT name FROM author")).containsExactly("seven");
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark WHERE id = 'behind'"))
                .containsExactly("0");
    }

    @Test
    void marksOfMoreRowsThanAreNamed_stayWhereNewRefusesTheRows() throws Exception {
        int refused = 10_500;
        databases.run(Side.OLD, "INSERT INTO author SELECT x, 'bad' FROM SYSTEM_RANGE(1, " + refused + ")");
        databases.run(Side.NEW, "ALTER TABLE author ADD CONSTRAINT poison CHECK (name <> 'bad')");
        databases.run(
                Side.OLD,
                MARKS + "SELECT 'refused ' || x, 0, 'author', x, 'test', 'app', 1, 0 FROM SYSTEM_RANGE(1, " + refused
                        + ")");
        try (Copier copier = databases.copier(Direction.UP)) {
            assertThat(copier.repair().differences()).isEqualTo(refused);
        }
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark"))
                .containsExactly(String.valueOf(refused));
        databases.run(Side.NEW, "ALTER TABLE author DROP CONSTRAINT poison");
        try (Copier copier = databases.copier(Direction.UP)) {
            assertThat(copier.repair().clean()).isTrue();
        }
        assertThat(databases.rows(Side.NEW, "SELECT COUNT(*) FROM author WHERE name = 'bad'"))
                .containsExactly(String.valueOf(refused));
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark"))
                .containsExactly("0");
    }
}
