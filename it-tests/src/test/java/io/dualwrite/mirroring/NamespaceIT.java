package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which table an unqualified name means is for the session to say, and no write goes to another one that is called the same. */
class NamespaceIT {
    private static final String ROWS = "SELECT id, note FROM %s ORDER BY id";

    /** A home with the table, and a tenant's schema with one of the same name. */
    private static TwoSides sides(String old, String other) throws Exception {
        DatabaseServer oldServer = SharedServers.of(old);
        DatabaseServer newServer = SharedServers.of(other);
        TwoSides sides = new TwoSides(oldServer, newServer, "ledger");
        for (Side side : Side.values()) {
            String vendor = side == Side.OLD ? old : other;
            List<String> ddl = new ArrayList<>();
            ddl.add("CREATE TABLE ledger (id INT PRIMARY KEY, note VARCHAR(20))");
            ddl.add(
                    vendor.equals("mariadb")
                            ? "CREATE OR REPLACE DATABASE tenant_" + side.word()
                            : "CREATE SCHEMA tenant");
            ddl.add("CREATE TABLE " + tenant(vendor, side) + ".ledger (id INT PRIMARY KEY, note VARCHAR(20))");
            try (Connection connection = sides.bare(side)) {
                ddl.addAll(Dialects.of(connection).ownTables());
            }
            sides.on(side, ddl);
        }
        return sides;
    }

    /** Databases of one MariaDB server see each other, so that each side needs a tenant of its own. */
    private static String tenant(String vendor, Side side) {
        return vendor.equals("mariadb") ? "tenant_" + side.word() : "tenant";
    }

    private static void change(Connection connection, String vendor, boolean byText) throws SQLException {
        if (!byText && vendor.equals("mariadb")) {
            connection.setCatalog("tenant_old");
        } else if (!byText) {
            connection.setSchema(vendor.equals("h2") ? "TENANT" : "tenant");
        } else {
            TwoSides.execute(
                    connection,
                    vendor.equals("mariadb")
                            ? "USE tenant_old"
                            : vendor.equals("h2") ? "SET SCHEMA tenant" : "SET search_path = tenant");
        }
    }

    /** MariaDB's server looks up a prepared statement's tables when it is prepared, and keeps them. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void serverPreparesStatements_textWritesWhereTheSessionLooksNow(Rung rung) throws Exception {
        DatabaseServer oldServer = SharedServers.of("mariadb");
        DatabaseServer newServer = SharedServers.secondOf("mariadb");
        try (TwoSides sides = new TwoSides(oldServer, newServer, "ledger")) {
            for (String database : List.of("tenant_a", "tenant_b")) {
                oldServer.createDatabase(database);
                newServer.createDatabase(database);
                sides.prepare(
                        "USE " + database,
                        "CREATE TABLE ledger (id INT PRIMARY KEY, note VARCHAR(20))",
                        "INSERT INTO ledger VALUES (1, '')");
            }
            sides.prepare();
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith("?useServerPrepStmts=true")) {
                for (String database : List.of("tenant_a", "tenant_b", "tenant_b", "tenant_a", "tenant_b")) {
                    connection.setCatalog(database);
                    TwoSides.execute(connection, "UPDATE ledger SET note = CONCAT(note, '+') WHERE id = 1");
                }
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, "SELECT note FROM tenant_a.ledger"))
                            .containsExactly("++");
                    assertThat(sides.rows(side, "SELECT note FROM tenant_b.ledger"))
                            .containsExactly("+++");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, true, DUAL_READ_OLD",
        "postgres, false, DUAL_READ_OLD",
        "postgres, true, STRICT_READ_NEW",
        "postgres, true, STRICT_NEW_FIRST",
        "postgres, false, DUAL_READ_NEW",
        "h2, true, DUAL_READ_OLD",
        "h2, false, STRICT_READ_OLD",
        "h2, false, STRICT_NEW_FIRST",
        "h2, true, DUAL_READ_NEW",
    })
    void sameVendor_writeGoesToTheTenantOnBothSides(String vendor, boolean byText, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor)) {
            sides.standing.move(rung);
            try (Connection home = sides.connect()) {
                TwoSides.execute(home, "INSERT INTO ledger VALUES (1, 'home')");
            }
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (2, 'home')");
                change(connection, vendor, byText);
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'tenant')");
                TwoSides.execute(connection, "UPDATE ledger SET note = 'changed' WHERE id < 9");
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).containsExactly("1|home", "2|home");
                assertThat(sides.rows(side, ROWS.formatted("tenant.ledger"))).containsExactly("3|changed");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, h2, true", "h2, postgres, true", "postgres, mariadb, false", "mariadb, postgres, true"})
    void otherVendor_writeOfTheTenantIsMarkedAndTouchesNothingAtHome(String old, String other, boolean byText)
            throws Exception {
        try (TwoSides sides = sides(old, other)) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect()) {
                change(connection, old, byText);
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'tenant')");
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, ROWS.formatted(tenant(old, Side.OLD) + ".ledger")))
                    .containsExactly("3|tenant");
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).isEmpty();
            }
            assertThat(sides.rows(
                            Side.OLD,
                            "SELECT row_key FROM dualwrite_mark WHERE LOWER(table_name) LIKE 'tenant%ledger'"))
                    .containsExactly("3");
        }
    }

    /** Marks that only name the table would be cleared by a look at the one at home. */
    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "h2, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD"})
    void writeOfTheTenantThatIsNotMirrored_marksTheTenantsTable(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor)) {
            Side first = rung.authority();
            String tenant = tenant(vendor, first);
            sides.on(first, List.of("CREATE TABLE " + tenant + ".derived_day (id INT PRIMARY KEY)"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                change(connection, vendor, true);
                TwoSides.execute(connection, "INSERT INTO derived_day VALUES (3)");
            }
            sides.settle();
            assertThat(sides.rows(first, "SELECT LOWER(table_name) FROM dualwrite_mark WHERE row_key IS NULL"))
                    .contains(tenant + ".derived_day");
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, h2", "h2, postgres"})
    void otherVendor_writeOfTheTenantFailsWhileCrossing(String old, String other) throws Exception {
        try (TwoSides sides = sides(old, other)) {
            sides.standing.move(Rung.STRICT_READ_OLD);
            try (Connection connection = sides.connect()) {
                change(connection, old, true);
                assertThatThrownBy(() -> TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'tenant')"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("not mirrored to another table");
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, ROWS.formatted("tenant.ledger"))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DUAL_READ_OLD | SET search_path = tenant; SELECT current_schema()",
                "DUAL_READ_NEW | SELECT 1; SET search_path = tenant",
                "DUAL_READ_OLD | SELECT 1; SELECT set_config('search_path', 'tenant', false)",
                "DUAL_READ_NEW | SET search_path = tenant; INSERT INTO ledger VALUES (2, 'tenant')",
            })
    void oneOfSeveralStatementsChangesTheNamespace_whatIsOnOneSideIsMarked(Rung rung, String text) throws Exception {
        for (boolean autoCommit : List.of(true, false)) {
            try (TwoSides sides = sides("postgres", "postgres")) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    connection.setAutoCommit(autoCommit);
                    TwoSides.execute(connection, "INSERT INTO ledger VALUES (1, 'home')");
                    TwoSides.execute(connection, text);
                    TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'tenant')");
                    if (!autoCommit) {
                        connection.commit();
                    }
                }
                sides.settle();
                Side first = rung.authority();
                assertThat(sides.rows(first, ROWS.formatted("ledger"))).containsExactly("1|home");
                assertThat(sides.rows(first, ROWS.formatted("tenant.ledger"))).contains("3|tenant");
                // The other session stays at home, where nothing of the tenant's may go.
                assertThat(sides.rows(first.other(), ROWS.formatted("ledger")))
                        .isEqualTo(autoCommit ? List.of("1|home") : List.of());
                assertThat(sides.rows(first, "SELECT table_name, row_key FROM dualwrite_mark"))
                        .contains("*|null", "tenant.ledger|3")
                        .contains("ledger|1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET search_path = tenant; SELECT 1",
                "SELECT 1; SELECT set_config('search_path', 'tenant', false)"
            })
    void oneOfSeveralStatementsChangedTheNamespaceIn1_aLegOpenedLaterHasIt(String text) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres");
                Connection connection = sides.connect()) {
            TwoSides.execute(connection, text);
            sides.standing.move(Rung.DUAL_READ_OLD);
            TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'tenant')");
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).isEmpty();
                assertThat(sides.rows(side, ROWS.formatted("tenant.ledger"))).containsExactly("3|tenant");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, DUAL_READ_OLD",
        "true, STRICT_READ_OLD",
        "true, STRICT_NEW_FIRST",
        "false, DUAL_READ_OLD",
        "false, STRICT_READ_OLD",
        "true, STRICT_READ_NEW",
        "false, STRICT_READ_NEW",
        "false, STRICT_NEW_FIRST",
        "false, DUAL_READ_NEW",
    })
    void searchPathOfATransactionThatWasRolledBack_isHomeAgain(boolean byText, Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                connection.setAutoCommit(false);
                change(connection, "postgres", byText);
                connection.rollback();
                change(connection, "postgres", byText);
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (1, 'gone')");
                connection.rollback();
                TwoSides.execute(connection, "SET LOCAL search_path = tenant");
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (2, 'tenant')");
                connection.commit();
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'home')");
                connection.commit();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).containsExactly("3|home");
                assertThat(sides.rows(side, ROWS.formatted("tenant.ledger"))).containsExactly("2|tenant");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST", "DUAL_READ_NEW"})
    void schemaSetBetweenWrites_staysWhenTheNextOneFails(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (1, 'home')");
                connection.setSchema("tenant");
                assertThatThrownBy(() -> TwoSides.execute(connection, "INSERT INTO public.ledger VALUES (1, 'twice')"))
                        .isInstanceOf(SQLException.class);
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (2, 'tenant')");
                connection.setSchema("public");
                connection.setAutoCommit(false);
                connection.rollback();
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (3, 'home')");
                connection.commit();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).containsExactly("1|home", "3|home");
                assertThat(sides.rows(side, ROWS.formatted("tenant.ledger"))).containsExactly("2|tenant");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"mariadb, sideold, sidenew", "postgres, public, public", "h2, PUBLIC, PUBLIC"})
    void nameQualifiedByHome_meansHomeOnBothSides(String vendor, String old, String other) throws Exception {
        for (Rung rung : Rung.values()) {
            // New's database cannot be written through old's leg: those rows are marked in 5, and refused before it.
            boolean marked = rung.newWins() && vendor.equals("mariadb");
            if (!rung.dual() || marked) {
                continue;
            }
            try (TwoSides sides = sides(vendor, vendor)) {
                sides.standing.move(rung);
                String home = rung.newWins() ? other : old;
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "INSERT INTO " + home + ".ledger VALUES (1, 'home')");
                    if (vendor.equals("mariadb")) {
                        TwoSides.execute(connection, "USE " + (rung.reads() == Side.OLD ? old : other));
                        connection.setCatalog(connection.getCatalog());
                    }
                    TwoSides.execute(connection, "INSERT INTO ledger VALUES (2, 'home')");
                    TwoSides.execute(connection, "UPDATE " + home + ".ledger SET note = 'changed' WHERE id = 1");
                }
                sides.settle();
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, ROWS.formatted("ledger")))
                            .as("%s on %s", rung, side)
                            .containsExactly("1|changed", "2|home");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_READ_OLD, sidenew",
        "STRICT_READ_NEW, sidenew",
        "STRICT_NEW_FIRST, sideold",
        "DUAL_READ_NEW, sideold"
    })
    void nameOfTheOtherSidesDatabase_isRefused(Rung rung, String other) throws Exception {
        try (TwoSides sides = sides("mariadb", "mariadb")) {
            sides.standing.move(rung);
            try (Connection first = sides.connect()) {
                assertThatThrownBy(
                                () -> TwoSides.execute(first, "INSERT INTO " + other + ".ledger VALUES (2, 'there')"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class);
            }
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (1, 'home')");
                assertThatThrownBy(() ->
                                TwoSides.execute(connection, "INSERT INTO " + other + ".ledger VALUES (2, 'there')"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class)
                        .hasMessageContaining("give both databases the same name");
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("ledger"))).containsExactly("1|home");
            }
        }
    }

    @Test
    void nameOfNewsDatabaseIn5_isWrittenThereAndMarked() throws Exception {
        try (TwoSides sides = sides("mariadb", "mariadb")) {
            sides.standing.move(Rung.DUAL_READ_NEW);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO ledger VALUES (1, 'both')");
                TwoSides.execute(connection, "INSERT INTO sidenew.ledger VALUES (2, 'new')");
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, ROWS.formatted("ledger"))).containsExactly("1|both", "2|new");
            assertThat(sides.rows(Side.OLD, ROWS.formatted("ledger"))).containsExactly("1|both");
            assertThat(sides.rows(Side.NEW, "SELECT table_name FROM dualwrite_mark WHERE row_key IS NULL"))
                    .containsExactly("sidenew.ledger");
        }
    }
}
