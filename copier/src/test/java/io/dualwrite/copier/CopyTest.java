package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.h2.api.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CopyTest {
    private static final String AUTHOR =
            "CREATE TABLE author (id BIGINT PRIMARY KEY, name VARCHAR(50) UNIQUE, updated_at TIMESTAMP)";
    private static final String TITLE = "CREATE TABLE title (id BIGINT PRIMARY KEY, author BIGINT NOT NULL"
            + " REFERENCES author, name VARCHAR(50), updated_at TIMESTAMP)";
    private static final String STOCK =
            "CREATE TABLE stock (shop VARCHAR(20), title INT, pieces INT, PRIMARY KEY (shop, title))";

    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private Report copy() throws Exception {
        try (Copier copier = databases.copier(Direction.UP)) {
            return copier.copy(Selection.DATA_A, true);
        }
    }

    private void assertSame(String table, String key) throws Exception {
        String sql = "SELECT * FROM " + table + " ORDER BY " + key;
        assertThat(databases.rows(Side.NEW, sql)).isEqualTo(databases.rows(Side.OLD, sql));
    }

    @Test
    void firstCopy_takesAllRows_parentsFirst() throws Exception {
        databases.onBoth(AUTHOR, TITLE, STOCK);
        databases.run(
                Side.OLD,
                "INSERT INTO author SELECT x, 'author ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 5000)",
                "INSERT INTO title SELECT x, 1 + MOD(x, 5000), 'title ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 7000)",
                "INSERT INTO stock SELECT 'Shop ' || MOD(x, 7), x, x FROM SYSTEM_RANGE(1, 3000)");
        Report report = copy();
        assertThat(report.clean()).isTrue();
        assertSame("author", "id");
        assertSame("title", "id");
        assertSame("stock", "shop, title");
    }

    @Test
    void nextCopy_takesChangesAndDeletes() throws Exception {
        databases.onBoth(AUTHOR, TITLE, STOCK);
        databases.run(
                Side.OLD,
                "INSERT INTO author SELECT x, 'author ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 50)",
                "INSERT INTO title SELECT x, x, 'title ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 50)",
                "INSERT INTO stock SELECT 'Shop ' || MOD(x, 7), x, x FROM SYSTEM_RANGE(1, 30)");
        copy();
        databases.run(
                Side.OLD,
                "UPDATE author SET name = 'changed', updated_at = LOCALTIMESTAMP WHERE id = 7",
                "DELETE FROM title WHERE id IN (3, 4)",
                "DELETE FROM author WHERE id = 3",
                "UPDATE stock SET pieces = -1 WHERE title = 5",
                "DELETE FROM stock WHERE title = 6",
                "INSERT INTO author VALUES (99, 'author 3', LOCALTIMESTAMP)");
        Report report = copy();
        assertThat(report.clean()).isTrue();
        assertSame("author", "id");
        assertSame("title", "id");
        assertSame("stock", "shop, title");
    }

    @Test
    void rowsWhoseParentsCameAfterTheirTablesTurn_goWithTheirParents() throws Exception {
        databases.onBoth(AUTHOR, TITLE);
        databases.run(Side.OLD, "INSERT INTO author VALUES (1, 'first', LOCALTIMESTAMP)");
        copy();
        databases.run(
                Side.OLD,
                "INSERT INTO author SELECT x, 'unseen ' || x, TIMESTAMP '2000-01-01 00:00:00' FROM SYSTEM_RANGE(2, 900)",
                "INSERT INTO title SELECT x, 1 + MOD(x, 900), 'title ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 3000)");
        assertThat(copy().clean()).isTrue();
        assertSame("author", "id");
        assertSame("title", "id");
    }

    @Test
    void namesSwappedBetweenRows_areCopiedTogether() throws Exception {
        databases.onBoth("CREATE TABLE tag (id INT PRIMARY KEY, name VARCHAR(20) UNIQUE)");
        databases.run(Side.OLD, "INSERT INTO tag VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        databases.run(Side.NEW, "INSERT INTO tag VALUES (1, 'b'), (2, 'c'), (3, 'a'), (9, 'd')");
        assertThat(copy().clean()).isTrue();
        assertSame("tag", "id");
    }

    @Test
    void transactionOpenBeforeTheScan_isNotLost() throws Exception {
        databases.onBoth(AUTHOR);
        databases.run(Side.OLD, "INSERT INTO author VALUES (1, 'first', LOCALTIMESTAMP)");
        try (Connection slow = databases.connect(Side.OLD)) {
            slow.setAutoCommit(false);
            slow.createStatement().execute("INSERT INTO author VALUES (2, 'slow', LOCALTIMESTAMP)");
            Thread.sleep(20);
            databases.run(Side.OLD, "INSERT INTO author VALUES (3, 'fast', LOCALTIMESTAMP)");
            copy();
            assertThat(databases.rows(Side.NEW, "SELECT id FROM author ORDER BY id"))
                    .containsExactly("1", "3");
            slow.commit();
        }
        try (Copier copier = databases.copier(Direction.UP)) {
            copier.copy(Selection.DATA_A, false);
        }
        assertSame("author", "id");
    }

    @Test
    void killedRun_goesOnBehindItsCheckpoint() throws Exception {
        databases.set("copy.chunk", "100").onBoth(AUTHOR);
        databases.run(
                Side.OLD, "INSERT INTO author SELECT x, 'author ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 1000)");
        databases.run(Side.NEW, "ALTER TABLE author ADD CONSTRAINT poison CHECK (id <= 550)");
        Report failed = copy();
        assertThat(failed.clean()).isFalse();
        databases.run(Side.NEW, "ALTER TABLE author DROP CONSTRAINT poison", "DELETE FROM author WHERE id <= 100");
        String dead = "UPDATE dualwrite_copy SET state = 'running', last_key = '500', touched_at = touched_at - 60000"
                + " WHERE table_name = 'author'";
        databases.onBoth(dead, "UPDATE dualwrite_copy SET state = 'running', touched_at = 0 WHERE table_name = '*'");
        try (Copier copier = databases.copier(Direction.UP)) {
            Report report = copier.copy(Selection.DATA_A, false);
            assertThat(report.tables().get(0).note()).contains("going on behind the last checkpoint");
            assertThat(report.tables().get(0).rowsLookedAt()).isEqualTo(501);
        }
        assertThat(databases.rows(Side.NEW, "SELECT COUNT(*) FROM author")).containsExactly("900");
    }

    @Test
    void rowsUnderDualWrite_areLockedOnOldFirst() throws Exception {
        databases.onBoth(AUTHOR, STOCK);
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        databases.run(
                Side.OLD,
                "INSERT INTO author SELECT x, 'author ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 500)",
                "INSERT INTO stock SELECT 'Shop ' || MOD(x, 7), x, x FROM SYSTEM_RANGE(1, 300)");
        databases.run(Side.NEW, "INSERT INTO stock VALUES ('gone', 1, 1)");
        try (Copier copier = databases.copier(Direction.UP)) {
            assertThat(copier.sync(Selection.DATA_A).clean()).isTrue();
        }
        assertSame("author", "id");
        assertSame("stock", "shop, title");
        assertThat(databases.rows(Side.OLD, "SELECT state, locked FROM dualwrite_copy WHERE table_name = '*'"))
                .containsExactly("done,1");
    }

    @Test
    void upward_isRefusedOnceNewIsTheAuthority() throws Exception {
        databases.onBoth(AUTHOR);
        databases.instance("app-1", Rung.NEW_ONLY, Phase.SIX);
        assertThatThrownBy(this::copy)
                .isInstanceOf(WrongInput.class)
                .hasMessageContaining("app-1")
                .hasMessageContaining("NEW_ONLY")
                .hasMessageContaining("--down");
    }

    @Test
    void downward_isRefusedWhileOldIsTheAuthority() throws Exception {
        databases.onBoth(AUTHOR);
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        try (Copier copier = databases.copier(Direction.DOWN)) {
            assertThatThrownBy(() -> copier.sync(Selection.DATA_A))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("without --down");
        }
    }

    @Test
    void downward_makesOldAgree() throws Exception {
        databases.onBoth(AUTHOR);
        databases.instance("app-1", Rung.DUAL_READ_NEW, Phase.FIVE);
        databases.run(Side.NEW, "INSERT INTO author VALUES (1, 'new', LOCALTIMESTAMP), (2, 'both', LOCALTIMESTAMP)");
        databases.run(Side.OLD, "INSERT INTO author VALUES (2, 'stale', LOCALTIMESTAMP), (3, 'gone', LOCALTIMESTAMP)");
        try (Copier copier = databases.copier(Direction.DOWN)) {
            assertThat(copier.sync(Selection.DATA_A).clean()).isTrue();
        }
        assertSame("author", "id");
        assertThat(databases.rows(Side.OLD, "SELECT id FROM author ORDER BY id"))
                .containsExactly("1", "2");
    }

    @Test
    void tableWithoutKey_isRefusedByName() throws Exception {
        databases.onBoth("CREATE TABLE log (line VARCHAR(50))");
        assertThatThrownBy(this::copy)
                .isInstanceOf(WrongInput.class)
                .hasMessageContaining("Table log has no primary key");
    }

    @Test
    void tableMissingOnTarget_isRefusedByName() throws Exception {
        databases.run(Side.OLD, AUTHOR);
        assertThatThrownBy(this::copy).isInstanceOf(WrongInput.class).hasMessageContaining("author is missing on new");
    }

    @Test
    void columnMissingOnTarget_isRefusedByName() throws Exception {
        databases.run(Side.OLD, AUTHOR);
        databases.run(Side.NEW, "CREATE TABLE author (id BIGINT PRIMARY KEY, name VARCHAR(50))");
        assertThatThrownBy(this::copy).isInstanceOf(WrongInput.class).hasMessageContaining("column updated_at");
    }

    @Test
    void ownTablesMissing_saysWhatToRun() throws Exception {
        databases.run(Side.NEW, "DROP TABLE dualwrite_copy");
        assertThatThrownBy(this::copy).isInstanceOf(WrongInput.class).hasMessageContaining("dualwrite init");
    }

    /** Whoever writes five rows on old for each that the copy writes on new. */
    public static final class FasterThanTheCopy implements Trigger {
        private static final int ENOUGH = 20_000;

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            String old = connection.getCatalog().toLowerCase(Locale.ROOT).replace("_new", "_old");
            try (Connection writer = DriverManager.getConnection("jdbc:h2:mem:" + old);
                    Statement insert = writer.createStatement()) {
                insert.execute("INSERT INTO author SELECT m + x, 'author ' || (m + x), LOCALTIMESTAMP FROM"
                        + " (SELECT MAX(id) AS m FROM author), SYSTEM_RANGE(1, 5) WHERE m < " + ENOUGH);
            }
        }
    }

    @Test
    void applicationInsertsFasterThanItCopies_copyEndsAllTheSame() throws Exception {
        databases.onBoth(AUTHOR);
        databases.set("copy.chunk", "50");
        databases.run(
                Side.OLD, "INSERT INTO author SELECT x, 'author ' || x, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 300)");
        databases.run(
                Side.NEW,
                "CREATE TRIGGER faster AFTER INSERT ON author FOR EACH ROW CALL '" + FasterThanTheCopy.class.getName()
                        + "'");

        Report report = copy();

        assertThat(report.tables().get(0).rowsLookedAt()).isEqualTo(300);
        assertThat(databases.rows(Side.NEW, "SELECT COUNT(*), MAX(id) FROM author"))
                .as("what came behind the end is left to the next run by the look for deletes too")
                .containsExactly("300,300");
        databases.run(Side.NEW, "DROP TRIGGER faster");
        assertThat(copy().clean()).isTrue();
        assertSame("author", "id");
    }
}
