package io.dualwrite.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseServersTest {

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void stopAndStart_keepsData_closeRemovesIt(String vendor) throws Exception {
        DatabaseServer server = DatabaseServers.start(vendor);
        try {
            server.createDatabase("shop");
            try (Connection connection = server.connect("shop");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
                statement.execute("INSERT INTO t VALUES (7)");
                server.stop();
                assertThatThrownBy(() -> statement.executeQuery("SELECT id FROM t"))
                        .isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> server.connect("shop")).isInstanceOf(SQLException.class);
            server.start();
            assertThat(count(server)).isEqualTo(1);
            server.kill();
            server.start();
            assertThat(count(server)).isEqualTo(1);
            server.createDatabase("shop");
            assertThatThrownBy(() -> count(server)).isInstanceOf(SQLException.class);
        } finally {
            server.close();
        }
        assertThatThrownBy(() -> server.connect("shop")).isInstanceOf(SQLException.class);
    }

    @Test
    void unknownVendor_namesTheKnownOnes() {
        assertThatThrownBy(() -> DatabaseServers.start("oracle"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("oracle")
                .hasMessageContaining("h2, postgres, mariadb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void jvmIsKilled_serverAndItsFilesGo(String vendor) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stranded.class.getName(),
                        vendor)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said;
        try (BufferedReader reader = jvm.inputReader()) {
            said = List.of(reader.readLine().split(" "));
            jvm.destroyForcibly().waitFor();
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        ProcessHandle.of(Long.parseLong(said.get(0))).isEmpty() && !Files.exists(Path.of(said.get(1))));
        assertThatThrownBy(() -> DriverManager.getConnection(said.get(2), "app", "app"))
                .isInstanceOf(SQLException.class);
    }

    /** A JVM that starts a server, says where, and waits to be killed. */
    static final class Stranded {
        public static void main(String[] arguments) throws Exception {
            DatabaseServer server = DatabaseServers.start(arguments[0]);
            ProcessHandle child = ProcessHandle.current().children().findFirst().orElseThrow();
            File home = new File("/proc/" + child.pid() + "/cwd").getCanonicalFile();
            if (home.getName().equals("data")) {
                home = home.getParentFile();
            }
            String url = server.jdbcUrl(arguments[0].equals("postgres") ? "postgres" : "mysql");
            System.out.println(child.pid() + " " + home + " " + url);
            Thread.sleep(120_000);
        }
    }

    private static int count(DatabaseServer server) throws SQLException {
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
