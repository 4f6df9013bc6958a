package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that a run could not write, and whose last-modified column is older than the watermark of the next one. */
final class UnwrittenTest {
    private static final String KEPT = "SELECT table_name, last_key FROM dualwrite_copy WHERE kind = 'left'";

    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.set("copy.chunk", "10");
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(50), updated_at TIMESTAMP NOT NULL)");
        databases.run(
                Side.OLD,
                "INSERT INTO author SELECT x, 'author ' || x, TIMESTAMP '2000-01-01 00:00:00' FROM SYSTEM_RANGE(1, 50)");
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private Report copy() throws Exception {
        try (Copier copier = databases.copier(Direction.UP)) {
            return copier.copy(Selection.DATA_A, false);
        }
    }

    private void poison() throws Exception {
        databases.run(Side.NEW, "ALTER TABLE author ADD CONSTRAINT poison CHECK (name NOT LIKE 'bad%')");
    }

    private void cure() throws Exception {
        databases.run(Side.NEW, "ALTER TABLE author DROP CONSTRAINT poison");
    }

    @Test
    void rowRefusedByTheFirstCopy_isWrittenByTheNext() throws Exception {
        databases.run(Side.OLD, "UPDATE author SET name = 'bad' WHERE id = 7");
        poison();
        assertThat(copy().differing()).hasSize(1);
        assertThat(databases.rows(Side.NEW, KEPT)).containsExactly("author,7");
        cure();
        Report next = copy();
        assertThat(next.clean()).isTrue();
        assertThat(next.tables().get(0).rowsLookedAt())
                .as("the rows that the watermark had passed are not read again")
                .isZero();
        assertThat(databases.rows(Side.NEW, "SELECT name FROM author WHERE id = 7"))
                .containsExactly("bad");
        assertThat(databases.rows(Side.NEW, KEPT)).isEmpty();
    }

    @Test
    void staleRowRefusedByALaterCopy_isWrittenWhenItCanBe() throws Exception {
        copy();
        databases.run(Side.OLD, "UPDATE author SET name = 'bad', updated_at = LOCALTIMESTAMP WHERE id IN (7, 8)");
        poison();
        assertThat(copy().differing()).hasSize(2);
        assertThat(copy().differing()).as("tried again, refused again").hasSize(2);
        cure();
        assertThat(copy().clean()).isTrue();
        assertThat(databases.rows(Side.NEW, "SELECT id FROM author WHERE name = 'bad' ORDER BY id"))
                .containsExactly("7", "8");
    }

    @Test
    void rowDeletedMeanwhile_isForgotten() throws Exception {
        databases.run(Side.OLD, "UPDATE author SET name = 'bad' WHERE id = 7");
        poison();
        copy();
        databases.run(Side.OLD, "DELETE FROM author WHERE id = 7");
        assertThat(copy().clean()).isTrue();
        assertThat(databases.rows(Side.NEW, KEPT)).isEmpty();
    }

    @Test
    void killedRun_hasRecordedWhatItsCheckpointPassed() throws Exception {
        databases.run(Side.OLD, "UPDATE author SET name = 'bad' WHERE id = 7");
        poison();
        copy();
        cure();
        databases.onBoth(
                "UPDATE dualwrite_copy SET state = 'running', last_key = '30' WHERE table_name = 'author' AND kind = 'copy'",
                "UPDATE dualwrite_copy SET state = 'running', touched_at = 0 WHERE table_name = '*'");
        assertThat(copy().tables().get(0).note()).contains("going on behind the last checkpoint");
        assertThat(databases.rows(Side.NEW, "SELECT name FROM author WHERE id = 7"))
                .containsExactly("bad");
    }

    @Test
    void keyTooLongToBeKept_holdsTheWatermarkBack() throws Exception {
        String key = "k".repeat(700);
        databases.onBoth("CREATE TABLE page (url VARCHAR(800) PRIMARY KEY, hits INT, updated_at TIMESTAMP NOT NULL)");
        databases.run(Side.OLD, "INSERT INTO page VALUES ('" + key + "', -1, TIMESTAMP '2000-01-01 00:00:00')");
        databases.run(Side.NEW, "ALTER TABLE page ADD CONSTRAINT poison CHECK (hits > 0)");
        assertThat(copy().differing()).hasSize(1);
        databases.run(Side.NEW, "ALTER TABLE page DROP CONSTRAINT poison");
        assertThat(copy().clean()).isTrue();
        assertThat(databases.rows(Side.NEW, "SELECT hits FROM page")).containsExactly("-1");
    }

    @Test
    void parentRefused_isLeftOverOnce_whateverItsChildren() throws Exception {
        databases.onBoth("CREATE TABLE title (id INT PRIMARY KEY, author INT NOT NULL REFERENCES author,"
                + " updated_at TIMESTAMP NOT NULL)");
        databases.run(
                Side.OLD,
                "UPDATE author SET name = 'bad' WHERE id = 7",
                "INSERT INTO title SELECT x, 7, LOCALTIMESTAMP FROM SYSTEM_RANGE(1, 25)");
        poison();
        assertThat(copy().differences()).isEqualTo(26);
        cure();
        assertThat(copy().clean()).isTrue();
        assertThat(databases.rows(Side.NEW, "SELECT COUNT(*) FROM title")).containsExactly("25");
    }
}
