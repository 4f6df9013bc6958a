package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Run;
import io.dualwrite.copier.ledger.RunKind;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LocksTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))");
        databases.run(Side.OLD, "INSERT INTO author SELECT x, 'author ' || x FROM SYSTEM_RANGE(1, 300)");
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        databases.close();
    }

    /** R18: what happens on new never keeps the application from its rows on old for long. */
    @Test
    void newHoldsTheCopierUp_oldsRowsStayFree() throws Exception {
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        databases.run(Side.NEW, "INSERT INTO author VALUES (5, 'stale')");
        try (Connection blocker = databases.connect(Side.NEW);
                Connection application = databases.connect(Side.OLD);
                Copier copier = databases.copier(Direction.UP)) {
            blocker.setAutoCommit(false);
            Future<Report> sync;
            long slowestMillis = 0;
            try (Statement lock = blocker.createStatement()) {
                lock.execute("UPDATE author SET name = 'locked' WHERE id = 5");
                sync = threads.submit(() -> copier.sync(Selection.DATA_A));
                for (int i = 0; i < 40; i++) {
                    long before = System.nanoTime();
                    try (Statement write = application.createStatement()) {
                        write.execute("UPDATE author SET name = 'write " + i + "' WHERE id = 5");
                    }
                    slowestMillis = Math.max(slowestMillis, (System.nanoTime() - before) / 1_000_000);
                    Thread.sleep(10);
                }
                blocker.rollback();
            }
            assertThat(sync.get(30, TimeUnit.SECONDS).differing()).isEmpty();
            assertThat(slowestMillis).as("slowest write on old, in ms").isLessThan(800);
        }
        assertThat(databases.rows(Side.NEW, "SELECT name FROM author WHERE id = 5"))
                .isEqualTo(databases.rows(Side.OLD, "SELECT name FROM author WHERE id = 5"));
    }

    /** R23: the step to 3 is shut until the run says that it locks. */
    @Test
    void instanceAsksForThree_runLocksFromTheNextChunkOn() throws Exception {
        List<Endpoint> endpoints =
                List.of(Endpoint.of(databases.settings(), Side.OLD), Endpoint.of(databases.settings(), Side.NEW));
        databases.instance("app-1", Rung.OLD_ONLY, Phase.ONE);
        String seen = "SELECT state, locked FROM dualwrite_copy WHERE table_name = '*'";
        try (Ledger ledger = Ledger.open(Direction.UP, endpoints);
                Run run = Run.begin(ledger, Copier.newRun(), RunKind.COPY, Direction.UP, Phase.ONE)) {
            assertThat(run.locked()).isFalse();
            assertThat(databases.rows(Side.OLD, seen)).containsExactly("running,0");
            databases.instance("app-1", Rung.OLD_ONLY, Phase.THREE);
            assertThat(run.locked()).isTrue();
            assertThat(databases.rows(Side.OLD, seen)).containsExactly("running,1");
            databases.instance("app-1", Rung.OLD_ONLY, Phase.ONE);
            assertThat(run.locked()).isTrue();
        }
        assertThat(databases.rows(Side.OLD, seen)).containsExactly("failed,1");
    }

    @Test
    void sameRunAtWorkElsewhere_isWaitedForThenRefused() throws Exception {
        List<Endpoint> endpoints =
                List.of(Endpoint.of(databases.settings(), Side.OLD), Endpoint.of(databases.settings(), Side.NEW));
        try (Ledger ledger = Ledger.open(Direction.UP, endpoints);
                Run first = Run.begin(ledger, "first", RunKind.COPY, Direction.UP, Phase.ONE)) {
            assertThat(first.locked()).isFalse();
            Future<Report> second = threads.submit(() -> {
                try (Copier copier = databases.copier(Direction.UP)) {
                    return copier.copy(Selection.DATA_A, true);
                }
            });
            Thread.sleep(500);
            assertThat(second.isDone()).isFalse();
            first.end(true, 0, 0, null);
            assertThat(second.get(20, TimeUnit.SECONDS).clean()).isTrue();
        }
    }
}
