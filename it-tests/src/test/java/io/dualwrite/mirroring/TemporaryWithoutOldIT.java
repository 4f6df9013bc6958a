package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In phase 5 nobody notices that old is dead, nor does who uses temporary tables (promise 2, R22). */
class TemporaryWithoutOldIT {

    /** When old dies. */
    enum Death {
        BEFORE_THE_CONNECTION,
        BEFORE_THE_TABLE,
        BEFORE_THE_ROWS,
        BEFORE_THEY_ARE_USED,
        BEFORE_THE_DROP
    }

    static Stream<Arguments> deaths() {
        return DatabaseServers.VENDORS.stream().flatMap(vendor -> Stream.of(Death.values())
                .flatMap(death -> Stream.of(true, false).map(autoCommit -> Arguments.of(vendor, death, autoCommit))));
    }

    /** One use of a temporary table, during which old dies. */
    private static final class Use {
        private final DatabaseServer old;
        private final Death death;
        private final Statement statement;

        Use(DatabaseServer old, Death death, Statement statement) {
            this.old = old;
            this.death = death;
            this.statement = statement;
        }

        void run(String vendor) throws Exception {
            String kind = vendor.equals("h2") ? "LOCAL TEMPORARY" : "TEMPORARY";
            step(Death.BEFORE_THE_TABLE, "CREATE " + kind + " TABLE work (id INT, note VARCHAR(20))");
            step(Death.BEFORE_THE_ROWS, "INSERT INTO work VALUES (7, 'seven')");
            step(Death.BEFORE_THEY_ARE_USED, "INSERT INTO paper SELECT id, note FROM work");
            assertThat(TwoSides.texts(statement.executeQuery("SELECT p.note FROM paper p JOIN work w ON w.id = p.id")))
                    .containsExactly("seven");
            step(Death.BEFORE_THE_DROP, "DROP TABLE work");
        }

        private void step(Death before, String sql) throws Exception {
            if (death == before) {
                old.kill();
            }
            statement.execute(sql);
            if (!statement.getConnection().getAutoCommit()) {
                statement.getConnection().commit();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void temporaryTable_isUsedAndDropped_thoughOldIsDead(String vendor, Death death, boolean autoCommit)
            throws Exception {
        DatabaseServer old = SharedServers.secondOf(vendor);
        try (TwoSides sides = new TwoSides(old, SharedServers.of(vendor), "paper")) {
            sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
            sides.standing.move(Rung.DUAL_READ_NEW);
            if (death == Death.BEFORE_THE_CONNECTION) {
                old.kill();
            }
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(autoCommit);
                new Use(old, death, statement).run(vendor);
                sides.settle();
                assertThat(sides.rows(Side.NEW, "SELECT id, note FROM paper")).containsExactly("7|seven");
                assertThat(sides.rows(Side.NEW, "SELECT DISTINCT LOWER(table_name) FROM dualwrite_mark"))
                        .as("marked, the temporary table not")
                        .containsExactly("paper");
                sides.standing.move(Rung.NEW_ONLY);
                assertThat(sides.standing.drained())
                        .as("%s", sides.standing.stragglers())
                        .isTrue();
            }
        } finally {
            old.start();
        }
    }
}
