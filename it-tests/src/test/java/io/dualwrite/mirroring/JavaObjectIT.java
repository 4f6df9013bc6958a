package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** H2's columns of serialized objects. */
class JavaObjectIT {
    @ParameterizedTest
    @EnumSource(Rung.class)
    void object_isReadOnBothSidesAsItWasSet(Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of("h2"), SharedServers.of("h2"), "bag")) {
            sides.prepare("CREATE TABLE bag (id INT PRIMARY KEY, thing JAVA_OBJECT, note VARCHAR(10))");
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO bag (id, thing) VALUES (1, ?)")) {
                insert.setObject(1, List.of("in", "the", "bag"), Types.JAVA_OBJECT);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    try (Connection connection = sides.bare(side);
                            Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery("SELECT thing FROM bag")) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getObject(1)).isEqualTo(List.of("in", "the", "bag"));
                    }
                }
            }
        }
    }
}
