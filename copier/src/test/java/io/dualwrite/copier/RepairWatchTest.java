package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RepairWatchTest {
    private static final String MARKS = "SELECT id, seq FROM dualwrite_mark";

    private TwoDatabases databases;
    private RepairWatch watch;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.set("dataA", "author");
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))");
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        watch = new RepairWatch(this::settings, Progress.SILENT);
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        databases.close();
    }

    private Settings settings() {
        try {
            return databases.settings();
        } catch (SettingsException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private void mark(Side side, int seq, String key) throws SQLException {
        databases.run(
                side,
                "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at)"
                        + " VALUES ('m" + key + "', " + seq + ", 'author', '" + key + "', 'test', 'app', 1, 1)");
    }

    @Test
    void nothingMarked_nothingIsDoneAndNoRunIsRecorded() throws Exception {
        assertThat(watch.round()).isNull();
        assertThat(databases.rows(Side.OLD, "SELECT kind FROM dualwrite_copy")).isEmpty();
    }

    @Test
    void markedRow_isMendedInTheNextRound_overTheSameConnections() throws Exception {
        assertThat(watch.round()).isNull();
        databases.run(Side.OLD, "INSERT INTO author VALUES (7, 'seven')");
        databases.run(Side.NEW, "INSERT INTO author VALUES (8, 'only on new')");
        mark(Side.OLD, 0, "7");
        mark(Side.OLD, 0, "8");
        RepairWatch.Round round = watch.round();
        assertThat(round).isNotNull();
        assertThat(round.didSomething()).isTrue();
        assertThat(round.cleared()).isEqualTo(2);
        assertThat(round.written()).isEqualTo(1);
        assertThat(round.deleted()).isEqualTo(1);
        assertThat(databases.rows(Side.NEW, "SELECT id, name FROM author")).containsExactly("7,seven");
        assertThat(watch.round()).isNull();
    }

    @Test
    void otherSideBecomesTheAuthority_watchFollows() throws Exception {
        assertThat(watch.round()).isNull();
        databases.instance("app-1", Rung.DUAL_READ_NEW, Phase.FIVE);
        databases.run(Side.NEW, "INSERT INTO author VALUES (7, 'seven')");
        mark(Side.NEW, 0, "7");
        RepairWatch.Round round = watch.round();
        assertThat(round).isNotNull();
        assertThat(round.report().direction()).isEqualTo("down");
        assertThat(databases.rows(Side.OLD, "SELECT id, name FROM author")).containsExactly("7,seven");
    }

    @Test
    void rowThatCannotBeMended_isTriedAgain_andNothingCountsAsDone() throws Exception {
        databases.run(Side.OLD, "INSERT INTO author VALUES (7, 'seven')");
        databases.run(Side.NEW, "ALTER TABLE author ADD CONSTRAINT poison CHECK (id <> 7)");
        mark(Side.OLD, 0, "7");
        for (int i = 0; i < 2; i++) {
            RepairWatch.Round round = watch.round();
            assertThat(round).isNotNull();
            assertThat(round.didSomething()).isFalse();
            assertThat(round.report().differences()).isEqualTo(1);
        }
        databases.run(Side.NEW, "ALTER TABLE author DROP CONSTRAINT poison");
        RepairWatch.Round round = watch.round();
        assertThat(round).isNotNull();
        assertThat(round.cleared()).isEqualTo(1);
    }

    @Test
    void roundThatFails_isFollowedByOneThatConnectsAnew() throws Exception {
        assertThat(watch.round()).isNull();
        databases.run(Side.NEW, "ALTER TABLE dualwrite_mark RENAME TO away");
        assertThatThrownBy(watch::round).isInstanceOf(SQLException.class);
        databases.run(Side.NEW, "ALTER TABLE away RENAME TO dualwrite_mark");
        databases.run(Side.OLD, "INSERT INTO author VALUES (7, 'seven')");
        mark(Side.OLD, 0, "7");
        assertThat(watch.round()).isNotNull();
    }

    @Test
    void idsThatKilledInstancesLeft_areClearedThoughNoRepairIsDue() throws Exception {
        mark(Side.NEW, -1, "7");
        assertThat(watch.round()).isNull();
        assertThat(databases.rows(Side.NEW, MARKS)).isEmpty();
    }
}
