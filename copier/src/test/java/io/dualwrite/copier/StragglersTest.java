package io.dualwrite.copier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.copier.plan.AllowedSessions;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.copier.read.Source;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the final sync waits for (R22). On real servers {@code StragglerIT}. */
final class StragglersTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final List<String> notes = new ArrayList<>();
    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))");
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private void await(Instant arrival, String... allowed) throws Exception {
        Progress progress = new Progress() {
            @Override
            public void begin(String what, long rows) {}

            @Override
            public void advance(long rows) {}

            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }
        };
        try (Source source = Source.open(Endpoint.of(databases.settings(), Side.OLD))) {
            new Stragglers(source, Side.OLD, new AllowedSessions(List.of(allowed)), progress, SHORT).await(arrival);
        }
    }

    @Test
    void transactionFromBeforeTheArrival_isWaitedForInVain_theSyncIsRefusedWithItsName() throws Exception {
        try (Connection straggler = databases.connect(Side.OLD);
                Statement statement = straggler.createStatement()) {
            straggler.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO author VALUES (1, 'late')");
            Instant arrival = Instant.now().plusMillis(1);
            assertThatThrownBy(() -> await(arrival))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("still open on old from before the last instance came")
                    .hasMessageContaining("in a transaction since")
                    .hasMessageContaining("sessions.allowed");
            assertThat(notes).singleElement().asString().startsWith("Waiting for what began before");
            assertThatCode(() -> await(arrival, "local")).doesNotThrowAnyException();
            straggler.rollback();
            assertThatCode(() -> await(arrival)).doesNotThrowAnyException();
        }
    }

    @Test
    void transactionFromAfterTheArrival_isNotWaitedFor() throws Exception {
        Instant arrival = Instant.now().minusSeconds(1);
        try (Connection young = databases.connect(Side.OLD);
                Statement statement = young.createStatement()) {
            young.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO author VALUES (1, 'young')");
            await(arrival);
            assertThat(notes).isEmpty();
        }
    }
}
