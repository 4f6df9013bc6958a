package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An object that the application changes after it was set: each execution has what it was when it was set. */
class SetObjectIT {
    private static TwoSides sides(String vendor, String columns) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper");
        sides.prepare("CREATE TABLE paper (" + columns + ")");
        return sides;
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void postgres_numbersAndTextsAreTakenWhenTheyAreSet(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "id BIGINT PRIMARY KEY, number BIGINT, note VARCHAR(20)")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO paper VALUES (?, ?, ?)")) {
                AtomicLong id = new AtomicLong();
                LongAdder number = new LongAdder();
                StringBuilder note = new StringBuilder();
                for (int i = 0; i < 3; i++) {
                    id.incrementAndGet();
                    number.add(10);
                    note.append('x');
                    insert.setObject(1, id);
                    insert.setObject(2, number, Types.BIGINT);
                    insert.setObject(3, note, Types.VARCHAR);
                    insert.addBatch();
                }
                insert.executeBatch();
                insert.setObject(1, id.addAndGet(1));
                insert.setObject(2, number, Types.BIGINT);
                insert.setObject(3, note, Types.VARCHAR);
                number.reset();
                note.setLength(0);
                insert.executeUpdate();
                assertThatThrownBy(() -> insert.setObject(1, note))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("java.lang.StringBuilder");
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, "SELECT id, number, note FROM paper ORDER BY id"))
                            .as("on %s", side)
                            .containsExactly("1|10|x", "2|20|xx", "3|30|xxx", "4|30|xxx");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void h2_objectsAreSerializedWhenTheyAreSet(Rung rung) throws Exception {
        try (TwoSides sides = sides("h2", "id INT PRIMARY KEY, thing JAVA_OBJECT")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO paper VALUES (?, ?)")) {
                List<String> thing = new ArrayList<>();
                for (int id = 1; id <= 3; id++) {
                    thing.add("thing " + id);
                    insert.setInt(1, id);
                    insert.setObject(2, thing, Types.JAVA_OBJECT);
                    insert.addBatch();
                }
                thing.clear();
                insert.executeBatch();
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    try (Connection connection = sides.bare(side);
                            Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery("SELECT thing FROM paper ORDER BY id")) {
                        List<Object> things = new ArrayList<>();
                        while (rows.next()) {
                            things.add(rows.getObject(1));
                        }
                        assertThat(things)
                                .containsExactly(
                                        List.of("thing 1"),
                                        List.of("thing 1", "thing 2"),
                                        List.of("thing 1", "thing 2", "thing 3"));
                    }
                }
            }
        }
    }

    /** Of which a copy by serialization is another: PostgreSQL's driver takes its text when it is set. */
    private static final class Document implements Serializable {
        private static final long serialVersionUID = 1;

        private transient Object content;

        Document(Object content) {
            this.content = content;
        }

        @Override
        public String toString() {
            return content.toString();
        }
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void postgres_objectThatIsNotSerializedWhole_isItselfForTheDriver(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "id INT PRIMARY KEY, body JSONB")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO paper VALUES (?, ?)")) {
                insert.setInt(1, 1);
                insert.setObject(2, new Document("{\"a\": 1}"), Types.OTHER);
                insert.executeUpdate();
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, "SELECT body FROM paper")).containsExactly("{\"a\": 1}");
                }
            }
        }
    }
}
