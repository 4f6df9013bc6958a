package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are written in another way and are the same to their database. */
class EqualKeysIT {
    private static final String ROWS = "SELECT * FROM item ORDER BY n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "postgres | INTERVAL                | '1 day' | '24:00:00'",
                "h2       | VARCHAR_IGNORECASE(20)  | 'Abc'   | 'ABC'",
                "h2       | TIME WITH TIME ZONE     | TIME WITH TIME ZONE '12:00:00+01' | TIME WITH TIME ZONE '11:00:00+00'"
            })
    void updateWritesAKeyInAnotherWay_theRowStaysOnBothSides(String vendor, String type, String before, String after)
            throws Exception {
        for (Rung rung : Rung.values()) {
            if (rung.dual()) {
                try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item")) {
                    sides.prepare(
                            "CREATE TABLE item (k " + type + " PRIMARY KEY, n INT)",
                            "INSERT INTO item VALUES (" + before + ", 1)");
                    sides.standing.move(rung);
                    try (Connection connection = sides.connect();
                            Statement statement = connection.createStatement()) {
                        statement.executeUpdate("UPDATE item SET k = " + after + ", n = 2 WHERE n = 1");
                    }
                    sides.settle();
                    assertThat(sides.rows(Side.NEW, ROWS))
                            .as("%s", rung)
                            .isEqualTo(sides.rows(Side.OLD, ROWS))
                            .hasSize(1);
                }
            }
        }
    }
}
