package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of a statement that is marked, read a few at a time. */
@Timeout(60)
class MarkedRowsIT {
    @ParameterizedTest
    @EnumSource(names = {"OLD_ONLY", "DUAL_READ_OLD", "DUAL_READ_NEW", "NEW_ONLY"})
    void functionThatMayWrite_postgres(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE FUNCTION doubled(n INT) RETURNS INT LANGUAGE plpgsql AS $$ BEGIN RETURN 2 * n; END $$")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.setFetchSize(1);
                assertThat(TwoSides.texts(statement.executeQuery("SELECT doubled(id) FROM item ORDER BY id")))
                        .containsExactly("2", "4", "6");
                assertThat(statement.getFetchSize()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void functionThatMayWrite_fetchSizeOfTheUrl_postgres(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE FUNCTION doubled(n INT) RETURNS INT LANGUAGE plpgsql AS $$ BEGIN RETURN 2 * n; END $$")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith("?defaultRowFetchSize=1");
                    Statement statement = connection.createStatement()) {
                assertThat(TwoSides.texts(statement.executeQuery("SELECT doubled(id) FROM item ORDER BY id")))
                        .containsExactly("2", "4", "6");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void severalStatementsInOneText_mariadb(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith("?allowMultiQueries=true")) {
                try (Statement statement = connection.createStatement()) {
                    statement.setFetchSize(1);
                    statement.execute("REPLACE INTO item (id) VALUES (4); SELECT id FROM item ORDER BY id; SELECT 3");
                }
                try (Statement statement = connection.createStatement()) {
                    assertThat(TwoSides.texts(statement.executeQuery("SELECT id FROM item ORDER BY id")))
                            .containsExactly("1", "2", "3", "4");
                }
            }
        }
    }

    private static TwoSides sides(String vendor, String... more) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item");
        sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)", "INSERT INTO item VALUES (1), (2), (3)");
        for (Side side : Side.values()) {
            sides.on(side, List.of(more));
        }
        return sides;
    }
}
