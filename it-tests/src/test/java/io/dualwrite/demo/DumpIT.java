package io.dualwrite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.demo.verdict.Comparison;
import io.dualwrite.demo.verdict.Rows;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database comes back as its dump was. */
class DumpIT {

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void restoresRowsAndGenerators(String vendor) throws Exception {
        try (Databases databases = Databases.start(vendor, "h2")) {
            Dump dump;
            Rows before;
            try (Connection connection = databases.connect(Side.OLD)) {
                new FirstDay(connection, 1).write();
                connection.setAutoCommit(true);
                try (Statement statement = connection.createStatement()) {
                    for (String sql : Dialects.of(connection).ownTables()) {
                        statement.execute(sql);
                    }
                }
                before = Rows.read(connection);
            }
            try (Connection connection = databases.connect(Side.OLD)) {
                dump = Dump.of(connection, vendor);
            }

            databases.server(Side.OLD).stop();
            databases.server(Side.OLD).start();
            databases.make(Side.OLD);
            try (Connection connection = databases.connect(Side.OLD)) {
                dump.restore(connection);
            }

            try (Connection connection = databases.connect(Side.OLD);
                    Statement statement = connection.createStatement()) {
                assertThat(Comparison.differing(before, Rows.read(connection), true))
                        .isEmpty();
                assertThat(statement.executeUpdate("INSERT INTO author (name) VALUES ('next')"))
                        .isEqualTo(1);
                assertThat(statement.executeUpdate(
                                "INSERT INTO orders (customer_id, total)" + " SELECT MIN(id), 1 FROM customer"))
                        .isEqualTo(1);
                assertThat(statement.executeUpdate(
                                "INSERT INTO invoice (order_id, amount) SELECT MAX(id), 1 FROM orders"))
                        .isEqualTo(1);
            }
        }
    }
}
