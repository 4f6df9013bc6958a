package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code repair --watch} as a process of its own, beside two instances that write, while the mirror goes away and comes back. */
class RepairWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String ROWS = "SELECT id, pieces, note FROM stock ORDER BY id";
    private static final String MARKS =
            "SELECT id, seq, table_name, row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY 1, 2";
    private static final String REPAIR = "SELECT state FROM dualwrite_copy WHERE kind = 'repair' AND table_name = '*'";

    private static final String MARK =
            "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch,"
                    + " marked_at) VALUES ('planted-%d', 0, 'stock', '%d', 'in flight', 'app-1', 1, 1)";
    private static final String POISON = "ALTER TABLE stock ADD CONSTRAINT poison CHECK (pieces < 500) NOT VALID";
    private static final String CURE = "ALTER TABLE stock DROP CONSTRAINT poison";
    private static final String POISON_OF_MARIADB = "CREATE TRIGGER poison BEFORE UPDATE ON stock FOR EACH ROW"
            + " IF NEW.pieces >= 500 THEN SIGNAL SQLSTATE '45000'; END IF";
    private static final String CURE_OF_MARIADB = "DROP TRIGGER poison";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"
    })
    void mirrorBreaksAndComesBack_watchMendsAllOfIt_andEndsWhenAskedTo(String vendor, Rung rung) throws Exception {
        try (LivePair pair = new LivePair(directory, vendor, rung.mirror())) {
            pair.onBoth("CREATE TABLE stock (id INT PRIMARY KEY, pieces INT NOT NULL, note VARCHAR(40))");
            pair.arrive(rung);
            try (WatchProcess watch = WatchProcess.start(pair.file("operator"), directory);
                    LiveWriters writers = new LiveWriters(pair, 2, 4711)) {
                writers.awaitMore(100);
                pair.onMirror(vendor.equals("postgres") ? POISON : POISON_OF_MARIADB);
                writers.awaitMore(60);
                pair.onMirror(vendor.equals("postgres") ? CURE : CURE_OF_MARIADB);
                await("the marks of what the mirror refused are cleared")
                        .atMost(PATIENCE)
                        .until(() -> watch.said().contains("marks cleared"));
                DatabaseServer mirror = pair.server(rung.mirror());
                mirror.kill();
                writers.awaitMore(60);
                await("the watch has noticed").atMost(PATIENCE).until(() -> watch.warned()
                        .contains("trying again"));
                mirror.start();
                writers.awaitMore(60);
                writers.close();
                await("the watch is back").atMost(PATIENCE).until(() -> watch.warned()
                        .contains("answer again"));
                await("nothing is marked any more").atMost(PATIENCE).until(() -> marks(pair)
                        .isEmpty());
                assertThat(pair.rows(rung.mirror(), ROWS)).isEqualTo(pair.rows(rung.authority(), ROWS));
                assertThat(watch.end()).as(watch.warned()).isEqualTo(128 + 15);
                assertThat(watch.said().lines()).allMatch(line -> line.contains(" repair ("));
            }
            assertThat(pair.rows(rung.authority(), REPAIR)).isNotEmpty().doesNotContain("running");
        }
    }

    /** What an 08007 leaves in a crossing, for hours perhaps, is mended beside writes of instances that read different sides. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void fleetCrosses_watchMendsWhatACommitLeftUnknown(String vendor) throws Exception {
        try (LivePair pair = new LivePair(directory, vendor, Side.NEW)) {
            pair.onBoth("CREATE TABLE stock (id INT PRIMARY KEY, pieces INT NOT NULL, note VARCHAR(40))");
            pair.onBoth("INSERT INTO stock VALUES (900, 1, 'same'), (901, 1, 'same'), (902, 1, 'same')");
            pair.arrive(Rung.DUAL_READ_OLD);
            try (WatchProcess watch = WatchProcess.start(pair.file("operator"), directory);
                    LiveWriters writers = new LiveWriters(pair, 2, 4712)) {
                writers.awaitMore(60);
                pair.cross();
                writers.awaitMore(60);
                pair.on(Side.OLD, "UPDATE stock SET note = 'unknown' WHERE id = 900");
                pair.on(Side.OLD, "DELETE FROM stock WHERE id = 901");
                pair.on(Side.NEW, "DELETE FROM stock WHERE id = 902");
                for (int id = 900; id < 903; id++) {
                    pair.on(Side.OLD, MARK.formatted(id, id));
                }
                await("the marks are cleared").atMost(PATIENCE).until(() -> pair.rows(
                                Side.OLD, "SELECT id FROM dualwrite_mark WHERE id LIKE 'planted%'")
                        .isEmpty());
                writers.awaitMore(60);
                writers.close();
                await("nothing is marked any more").atMost(PATIENCE).until(() -> marks(pair)
                        .isEmpty());
                assertThat(pair.rows(Side.NEW, ROWS))
                        .isEqualTo(pair.rows(Side.OLD, ROWS))
                        .contains("900,1,unknown", "902,1,same")
                        .doesNotContain("901,1,same");
                watch.end();
            }
        }
    }

    private static List<String> marks(LivePair pair) throws Exception {
        List<String> marks = pair.rows(Side.OLD, MARKS);
        marks.addAll(pair.rows(Side.NEW, MARKS));
        return marks;
    }
}
