package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MariaDB tells no rows of an UPDATE: they are selected first, and between the two one may leave and another come in (R25). */
class MovingRowsIT {
    private static final String TAKE_FIRST = "UPDATE job SET note = 'taken' WHERE id = (SELECT id FROM"
            + " (SELECT id FROM job WHERE note IS NULL ORDER BY priority LIMIT 1) first_one)";
    private static final String TAKE_DUE = "UPDATE job SET note = 'taken' WHERE due BETWEEN"
            + " NOW() - INTERVAL 1 SECOND AND NOW() + INTERVAL 3 SECOND OR id < 0";

    /** What is done before the UPDATE itself runs on old, once. */
    private interface InBetween {
        void run(TwoSides sides) throws Exception;
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_READ_OLD, true",
        "STRICT_READ_OLD, true",
        "STRICT_NEW_FIRST, true",
        "DUAL_READ_OLD, false",
        "STRICT_READ_OLD, false"
    })
    void rowThatComesInForOneThatLeaves_isWrittenOnBothOrNeither(Rung rung, boolean first) throws Exception {
        InBetween inBetween = first
                ? sides -> sides.on(Side.OLD, List.of("INSERT INTO job VALUES (3, 0, NULL, NULL)"))
                : sides -> Thread.sleep(3_000);
        try (TwoSides sides =
                new TwoSides(SharedServers.of("mariadb"), SharedServers.secondOf("mariadb"), "job", TwoSides.PATIENT)) {
            sides.prepare(
                    "CREATE TABLE job (id INT PRIMARY KEY, priority INT, due DATETIME, note VARCHAR(20))",
                    "INSERT INTO job VALUES (1, 1, NOW(), NULL), (2, 2, NOW() + INTERVAL 5 SECOND, NULL)");
            sides.standing.move(rung);
            AtomicBoolean armed = new AtomicBoolean();
            try (Connection connection = sides.connectThrough(side -> side == Side.NEW
                            ? sides.bare(side)
                            : Intercepted.connection(sides.bare(side), (of, method, arguments) -> {
                                boolean update = method.equals("prepareStatement")
                                        && arguments[0].toString().startsWith("UPDATE job");
                                if (update && armed.getAndSet(false)) {
                                    try {
                                        inBetween.run(sides);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                }
                            }));
                    Statement statement = connection.createStatement()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                statement.executeUpdate("UPDATE job SET note = NULL WHERE id = 1");
                armed.set(true);
                statement.executeUpdate(first ? TAKE_FIRST : TAKE_DUE);
            }
            assertThat(armed).isFalse();
            sides.settle();
            for (int id : List.of(1, 2)) {
                String row = "SELECT id, note FROM job WHERE id = " + id;
                assertThat(sides.rows(Side.OLD, row)).isEqualTo(sides.rows(Side.NEW, row));
            }
            assertThat(sides.rows(Side.OLD, "SELECT note FROM job WHERE id = 3 AND note IS NOT NULL"))
                    .as("new has no such row")
                    .isEmpty();
        }
    }
}
