package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.BALANCE_OFF;
import static io.dualwrite.histories.Anomaly.Kind.LOST;
import static io.dualwrite.histories.Anomaly.Kind.TOTAL_OFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients read and write on three instances while these walk the whole ladder up and down, sessions are ended by the servers
 * and repair runs beside; then what the clients were told is held against what the databases hold.
 *
 * <p>{@code -Dhistories.seconds} is how long a walk holds still for its load, all in all; {@code -Dhistories.seed} replays the
 * clients' and the killer's choices.
 */
class HistoriesIT {
    private static final Logger LOG = LoggerFactory.getLogger(HistoriesIT.class);
    private static final Duration LOAD = Duration.ofSeconds(Long.getLong("histories.seconds", 5));
    private static final long SEED = Long.getLong("histories.seed", System.nanoTime());
    private static final Duration BETWEEN_KILLS = Duration.ofMillis(400);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(3);
    private static final int CLIENTS_EACH = 3;

    private final History history = new History();

    @ParameterizedTest
    @CsvSource({
        "h2, h2, 'entries || ?'",
        "postgres, postgres, 'entries || ?'",
        "mariadb, postgres, 'CONCAT(entries, ?)'"
    })
    void fleetWalksUpAndDownUnderFaults_everyHistoryIsTrue(String oldVendor, String newVendor, String concatenation)
            throws Exception {
        try (Fleet fleet = new Fleet(oldVendor, newVendor);
                Killer killer = new Killer(fleet, BETWEEN_KILLS, SEED)) {
            Operator operator = new Operator(fleet.file(Fleet.OPERATOR), killer);
            Walk walk;
            Repairs repairs = new Repairs(operator);
            try (repairs;
                    Clients clients = new Clients(history, new Lists(concatenation))) {
                start(clients, fleet);
                walk = new Walk(
                        fleet,
                        operator,
                        killer,
                        clients,
                        (place, sides) -> check(fleet, killer, place, sides),
                        LOAD.dividedBy(Walk.PLACES));
                walk.upAndDown();
            }
            killer.close();
            check(fleet, killer, "at 1 again", EnumSet.of(Side.OLD));
            agreeAtLast(fleet, operator);
            LOG.info(
                    "{} to {}: {} sessions killed, {}, {}", oldVendor, newVendor, killer.killed(), repairs, outcomes());
            LOG.info("Visible gap, {} to {}: {}", oldVendor, newVendor, walk.gaps);
        }
    }

    @Test
    void rowsAreChangedPastDualwrite_isFound() throws Exception {
        try (Fleet fleet = new Fleet("h2", "h2")) {
            try (Clients clients = new Clients(history, new Lists("entries || ?"))) {
                start(clients, fleet);
                await().until(() -> outcomes().getOrDefault("Done", 0) > 100);
            }
            assertThat(findings(fleet, history.operations(), EnumSet.of(Side.OLD))
                            .anomalies())
                    .isEmpty();
            try (Connection connection = fleet.bare(Side.OLD);
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE register SET entries = '' WHERE id = 1");
                statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = 0");
            }
            assertThat(findings(fleet, history.operations(), EnumSet.of(Side.OLD))
                            .anomalies())
                    .extracting(Anomaly::kind)
                    .contains(LOST, TOTAL_OFF, BALANCE_OFF);
        }
    }

    private static void start(Clients clients, Fleet fleet) {
        for (int i = 0; i < Fleet.SIZE * CLIENTS_EACH; i++) {
            int instance = i % Fleet.SIZE;
            clients.start(fleet.transaction(instance), () -> fleet.rung(instance), SEED);
        }
    }

    /** Holds what all clients were told so far against what the sides hold. */
    private void check(Fleet fleet, Killer killer, String place, Set<Side> sides) {
        List<Operation> operations = history.operations();
        Findings findings = killer.heldBack(() -> findings(fleet, operations, sides));
        LOG.info("{}: {} operations, {}; {}", place, operations.size(), findings, outcomes());
        if (!findings.anomalies().isEmpty()) {
            write(operations, findings);
        }
        assertThat(findings.anomalies())
                .as("%s, seed %d, %s", place, SEED, outcomes())
                .isEmpty();
    }

    private static Findings findings(Fleet fleet, List<Operation> operations, Set<Side> sides) {
        List<Final> finals = new ArrayList<>();
        for (Side side : sides) {
            try (Connection connection = fleet.bare(side)) {
                finals.add(Final.read(side, connection));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        Findings findings = new Findings();
        ListCheck.run(operations, finals, LONGEST_GAP, findings);
        BankCheck.run(operations, finals, Bank.OPENING, findings);
        return findings;
    }

    private void write(List<Operation> operations, Findings findings) {
        List<String> lines = new ArrayList<>(List.of("seed " + SEED));
        findings.anomalies().forEach(anomaly -> lines.add(anomaly.toString()));
        operations.forEach(operation -> lines.add(operation.toString()));
        try {
            Files.write(Path.of("target", "history.txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody writes any more: one copy brings new to what old has, and nothing is left to repair. */
    private static void agreeAtLast(Fleet fleet, Operator operator) throws SQLException {
        operator.repair();
        operator.copy();
        operator.must("verify");
        for (Side side : Side.values()) {
            try (Connection connection = fleet.bare(side);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM dualwrite_mark WHERE seq >= 0")) {
                row.next();
                assertThat(row.getInt(1)).as("marks left on %s", side).isZero();
            }
        }
    }

    private Map<String, Integer> outcomes() {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (Operation operation : history.operations()) {
            outcomes.merge(word(operation.outcome()), 1, Integer::sum);
        }
        return outcomes;
    }

    /** Acknowledged and answered ones alike; the others by their SQLSTATE. */
    private static String word(Outcome outcome) {
        String kind = outcome.getClass().getSimpleName();
        if (outcome instanceof Outcome.Failed failed) {
            return kind + " " + failed.reason().split(" ", 2)[0];
        }
        return outcome instanceof Outcome.Unknown unknown
                ? kind + " " + unknown.reason().split(" ", 2)[0]
                : kind;
    }
}
