package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cursor that PostgreSQL gives as a value leads back to the application's connection, on every rung. */
class RefCursorIT {
    private static final String ROWS = "SELECT id, name FROM item ORDER BY id";

    private static TwoSides sides(Rung rung) throws Exception {
        TwoSides sides = new TwoSides(
                SharedServers.of("postgres"),
                SharedServers.of("postgres"),
                "item",
                Map.of("routine.open_items", "reads"));
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one'), (2, 'two')",
                "CREATE FUNCTION open_items() RETURNS refcursor LANGUAGE plpgsql AS"
                        + " 'DECLARE c refcursor; BEGIN OPEN c FOR SELECT id FROM item ORDER BY id; RETURN c; END'");
        sides.standing.move(rung);
        return sides;
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void cursorAmongTheValues_leadsBackToTheConnection(Rung rung) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try (ResultSet row = statement.executeQuery("SELECT open_items()")) {
                assertThat(row.next()).isTrue();
                readsAndWrites(connection, (ResultSet) row.getObject(1));
            }
            connection.commit();
            isWritten(sides, rung);
        }
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void cursorOfACall_leadsBackToTheConnection_andIsTheSameEachTime(Rung rung) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect()) {
            connection.setAutoCommit(false);
            try (CallableStatement call = connection.prepareCall("{? = call open_items()}")) {
                call.registerOutParameter(1, Types.REF_CURSOR);
                call.execute();
                ResultSet cursor = (ResultSet) call.getObject(1);
                assertThat(call.getObject(1)).isSameAs(cursor);
                assertThat(call.getObject(1, ResultSet.class)).isSameAs(cursor);
                readsAndWrites(connection, cursor);
            }
            connection.commit();
            isWritten(sides, rung);
        }
    }

    private static void readsAndWrites(Connection connection, ResultSet cursor) throws SQLException {
        Statement made = cursor.getStatement();
        assertThat(made.getConnection()).isSameAs(connection);
        assertThat(cursor.getStatement()).isSameAs(made);
        assertThat(TwoSides.texts(cursor)).containsExactly("1", "2");
        assertThat(made.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1"))
                .isEqualTo(1);
        try (Statement another = made.getConnection().createStatement()) {
            assertThat(another.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2"))
                    .isEqualTo(1);
        }
        made.close();
        assertThat(made.isClosed()).isTrue();
        assertThat(cursor.isClosed()).as("with its statement").isTrue();
    }

    private static void isWritten(TwoSides sides, Rung rung) throws SQLException {
        sides.settle();
        for (Side side : Side.values()) {
            if (rung.dual() || side == rung.reads()) {
                assertThat(sides.rows(side, ROWS)).as("on %s", side).isEqualTo(List.of("1|uno", "2|due"));
            }
        }
    }
}
