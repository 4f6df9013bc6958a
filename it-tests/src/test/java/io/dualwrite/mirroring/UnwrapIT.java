package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.servers.SharedServers;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgResultSet;

/** The vendor's objects can be reached; on a dual rung it is said that what is written through them goes past the mirror. */
class UnwrapIT {
    private static TwoSides sides(Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of("postgres"), SharedServers.of("postgres"), "item");
        sides.prepare("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))");
        sides.standing.move(rung);
        return sides;
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void vendorsObject_isHandedOut_andCountedOnDualRungs(Rung rung) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM item")) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY item FROM STDIN", new StringReader("1\tone"));
            assertThat(statement.unwrap(PGStatement.class)).isNotNull();
            assertThat(rows.unwrap(PgResultSet.class)).isNotNull();
            assertThat(connection.getMetaData().getConnection().unwrap(BaseConnection.class))
                    .isNotNull();
            sides.settle();
            assertThat(sides.rows(rung.reads(), "SELECT id, name FROM item")).isEqualTo(List.of("1|one"));
            assertThat(sides.mirroring.getDivergences())
                    .isEqualTo(rung.dual() ? Map.of(rung.reads().other().word() + ": unwrap", 4L) : Map.of());
        }
    }

    /** Ours leads to both sides, and a result's description to none. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void whatCannotWritePastTheMirror_isNotCounted(Rung rung) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM item")) {
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(statement.unwrap(Statement.class)).isSameAs(statement);
            assertThat(rows.getMetaData().unwrap(PGResultSetMetaData.class)).isNotNull();
            assertThat(sides.mirroring.getDivergences()).isEmpty();
        }
    }
}
