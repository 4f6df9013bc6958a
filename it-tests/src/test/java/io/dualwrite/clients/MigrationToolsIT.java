package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.DualWriteDataSource;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.changelog.FastCheckService;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Flyway and Liquibase, which applications run each time they start: on every rung they find their history, take their locks and
 * apply a change of rows. Both name the tables by their database, so that on MariaDB both databases have one name, on two servers. The schema is changed in phases 1 and 6, by the application on its side and by the operator on the other.
 */
class MigrationToolsIT {
    private static final String FIRST = "CREATE TABLE note (id INT PRIMARY KEY, text VARCHAR(60) NOT NULL)";

    @TempDir
    Path folder;

    private Path scripts() throws IOException {
        return Files.createDirectories(folder.resolve("changes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void flyway_walksTheLadderUpAndDown(String vendor) throws Exception {
        try (Migration migration = migration(vendor)) {
            DualWriteDataSource source = new DualWriteDataSource();
            source.setFile(migration.file().toString());
            Files.writeString(scripts().resolve("V1__notes.sql"), FIRST + ";\n");
            migration.walk(new Notes(migration) {
                @Override
                void add(String sql) throws IOException {
                    Files.writeString(scripts().resolve("V" + (days + 1) + "__day.sql"), sql + ";\n");
                }

                @Override
                void applyThrough() {
                    MigrateResult result = flyway(source).migrate();
                    assertThat(result.migrationsExecuted).isEqualTo(days == 1 ? 2 : 1);
                    assertThat(flyway(source).migrate().migrationsExecuted).isZero();
                    flyway(source).validate();
                }

                @Override
                void applyPast(Side side) {
                    Flyway.configure()
                            .dataSource(migration.bareUrl(side), migration.user(), migration.password())
                            .locations("filesystem:" + folder.resolve("changes"))
                            .load()
                            .migrate();
                }
            });
        }
    }

    private Migration migration(String vendor) throws Exception {
        return vendor.equals("mariadb")
                ? Migration.ofEqualNames(folder, vendor)
                : new Migration(folder, vendor, vendor);
    }

    private Flyway flyway(DataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations("filesystem:" + folder.resolve("changes"))
                .load();
    }

    /** Its history has no primary key, and is told apart by what Liquibase tells it apart by. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void liquibase_walksTheLadderUpAndDown(String vendor) throws Exception {
        try (Migration migration = migration(vendor)) {
            Path changes = scripts().resolve("changes.sql");
            Files.writeString(changes, "--liquibase formatted sql\n--changeset app:first\n" + FIRST + ";\n");
            migration.walk(new Notes(migration) {
                @Override
                void add(String sql) throws IOException {
                    Files.writeString(
                            changes, "--changeset app:day" + days + "\n" + sql + ";\n", StandardOpenOption.APPEND);
                }

                @Override
                void applyThrough() throws Exception {
                    apply(DriverManager.getConnection(migration.url()));
                    apply(DriverManager.getConnection(migration.url()));
                }

                @Override
                void applyPast(Side side) throws Exception {
                    apply(migration.bare(side));
                }
            });
        }
    }

    /** As an application does when it starts: what this JVM remembers of the last time is forgotten. */
    private void apply(Connection connection) throws Exception {
        Scope.getCurrentScope().getSingleton(FastCheckService.class).clearCache();
        try (Liquibase liquibase = new Liquibase(
                "changes.sql",
                new DirectoryResourceAccessor(folder.resolve("changes")),
                new JdbcConnection(connection))) {
            liquibase.update("");
            assertThat(liquibase.listUnrunChangeSets(null, null)).isEmpty();
        }
    }

    /** An application that brings its changes along. */
    private abstract static class Notes implements Client {
        private final Migration migration;
        int days;

        Notes(Migration migration) {
            this.migration = migration;
        }

        abstract void add(String sql) throws IOException;

        abstract void applyThrough() throws Exception;

        abstract void applyPast(Side side) throws Exception;

        @Override
        public void work(Rung rung) throws Exception {
            days++;
            add("INSERT INTO note (id, text) VALUES (" + days + ", 'on " + rung + "')");
            applyThrough();
            try (Connection connection = DriverManager.getConnection(migration.url());
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM note")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(days);
            }
        }

        /** Once: later the copier brings what the application has applied. */
        @Override
        public void prepare(Side other) throws Exception {
            if (days == 1) {
                applyPast(other);
            }
        }
    }
}
