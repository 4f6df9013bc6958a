package io.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Side;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import javax.sql.XADataSource;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontDoorTest {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final String PREFIX = "jdbc:dualwrite:";

    @TempDir
    private Path directory;

    private String name;
    private String old;
    private String new_;

    @BeforeEach
    void databases() {
        name = "front" + TESTS.incrementAndGet();
        old = "jdbc:h2:mem:" + name + "old;DB_CLOSE_DELAY=-1";
        new_ = "jdbc:h2:mem:" + name + "new;DB_CLOSE_DELAY=-1";
    }

    private Path file(String... more) throws IOException {
        String lines = String.join("\n", more);
        StringBuilder text = new StringBuilder("instance = " + name + "\ndataA = book\n");
        if (!lines.contains("phase")) {
            text.append("phase = 1\n");
        }
        if (!lines.contains("old.url")) {
            text.append("old.url = ").append(old).append('\n');
        }
        if (!lines.contains("new.url")) {
            text.append("new.url = ").append(new_).append('\n');
        }
        Path file = directory.resolve("dualwrite.properties");
        return Files.writeString(file, text.append(lines).append('\n'));
    }

    private static long instances() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("io.dualwrite:type=Instance,*"), null)
                .size();
    }

    // ------------------------------------------------------------------ as a driver among others

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:mem:", "jdbc:dual:x", "jdbc:dualwriter:x", "", "file:dualwrite"})
    void foreignUrl_isLeftToOthers(String url) throws SQLException {
        DualWriteDriver driver = new DualWriteDriver();
        assertThat(driver.acceptsURL(url)).isFalse();
        assertThat(driver.connect(url, new Properties())).isNull();
    }

    @Test
    void nullUrl_isRefusedAsJdbcWants() {
        DualWriteDriver driver = new DualWriteDriver();
        assertThatThrownBy(() -> driver.acceptsURL(null))
                .isInstanceOf(SQLException.class)
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
        assertThatThrownBy(() -> driver.connect(null, new Properties()))
                .isInstanceOf(SQLException.class)
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
    }

    @Test
    void driver_isFoundAsAService_andRegistered() throws SQLException {
        assertThat(ServiceLoader.load(Driver.class)).anyMatch(DualWriteDriver.class::isInstance);
        assertThat(DriverManager.getDriver(PREFIX + "x")).isInstanceOf(DualWriteDriver.class);
        assertThat(DriverManager.drivers().filter(DualWriteDriver.class::isInstance))
                .hasSize(1);
    }

    @Test
    void driver_saysWhatItTakes() {
        DualWriteDriver driver = new DualWriteDriver();
        Properties given = new Properties();
        given.setProperty("user", "app");
        given.setProperty("password", "secret");
        assertThat(driver.getPropertyInfo(PREFIX + "x", given))
                .extracting(info -> info.name + "=" + info.value + "," + info.required)
                .containsExactly("user=app,false", "password=null,false");
        assertThat(driver.getPropertyInfo(PREFIX, null)).hasSize(2);
        assertThat(driver.getMajorVersion() + "." + driver.getMinorVersion()).isEqualTo("0.1");
        assertThat(driver.jdbcCompliant()).isFalse();
        assertThatThrownBy(driver::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
    }

    // ------------------------------------------------------------------ wrong input

    @Test
    void urlWithoutFile_saysHowToWriteOne() {
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + " "))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("names no file")
                .hasMessageContaining("jdbc:dualwrite:/etc/bookstore/dualwrite.properties")
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + "a\0b"))
                .hasMessageContaining("is no path")
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
    }

    @Test
    void oldThatRefusesTheFirstConnection_isHeardAsWithoutUs() throws Exception {
        DriverManager.getConnection(old, "app", "right").close();
        Path file = file();
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + file, "app", "wrong"))
                .isInstanceOf(SQLInvalidAuthorizationSpecException.class)
                .hasFieldOrPropertyWithValue("SQLState", "28000")
                .hasFieldOrPropertyWithValue("errorCode", 28000)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .hasToString("java.sql.SQLNonTransientConnectionException: Instance " + name
                                + " cannot start: old cannot be reached"));
        try (Connection connection = DriverManager.getConnection(PREFIX + file, "app", "right")) {
            assertThat(connection.isValid(0)).isTrue();
        }
    }

    @Test
    void newThatRefusesTheFirstConnectionIn6_isHeardAsWithoutUs() throws Exception {
        DriverManager.getConnection(new_, "app", "right").close();
        Path file = file("phase = 6", "new.user = app", "new.password = wrong");
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + file))
                .isInstanceOf(SQLInvalidAuthorizationSpecException.class)
                .hasFieldOrPropertyWithValue("SQLState", "28000")
                .hasFieldOrPropertyWithValue("errorCode", 28000)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }

    @Test
    void missingFile_isNamed() {
        Path missing = directory.resolve("missing.properties");
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + missing))
                .hasMessageContaining(missing.toString())
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
    }

    @Test
    void unknownKey_isNamed_andMendedFileIsReadAnew() throws IOException, SQLException {
        Path file = file("fase = 3");
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + file))
                .hasMessageContaining("fase")
                .hasFieldOrPropertyWithValue("SQLState", "F0000");
        file();
        try (Connection connection = DriverManager.getConnection(PREFIX + file)) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "old, jdbc:postgresql://db-old/books?user=app&password=secret, org.postgresql:postgresql",
        "new, jdbc:mariadb://app:secret@db-new/books, org.mariadb.jdbc:mariadb-java-client",
        "new, jdbc:mysql://db-new/books;password=secret, com.mysql:mysql-connector-j",
        "old, jdbc:oracle:thin:app/secret@//db:1521/books, the vendor's driver"
    })
    void missingVendorDriver_isNamedWithItsSideAndArtifact_withoutCredentials(String side, String url, String artifact)
            throws IOException {
        Path file = file(side + ".url = " + url);
        assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + file))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("No JDBC driver on the class path accepts " + side + ".url jdbc:")
                .hasMessageContaining(artifact)
                .hasMessageNotContaining("secret")
                .hasFieldOrPropertyWithValue("SQLState", "08001");
    }

    // ------------------------------------------------------------------ connections

    @Test
    void connectionsOfOneFile_shareOneInstance_underAllItsNames() throws Exception {
        Path file = file();
        Path link = Files.createSymbolicLink(directory.resolve("link.properties"), file);
        long before = instances();
        try (Connection one = DriverManager.getConnection(PREFIX + file);
                Connection two = new DualWriteDriver().connect(PREFIX + directory + "/./dualwrite.properties", null);
                Connection three = DriverManager.getConnection(PREFIX + link)) {
            assertThat(instances()).isEqualTo(before + 1);
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .getAttribute(
                                    new ObjectName("io.dualwrite:type=Mirroring,name=" + ObjectName.quote(name)),
                                    "MirroringToNewPaused"))
                    .isEqualTo(false);
            assertThat(Stream.of(one, two, three))
                    .allMatch(each -> each.getClass().getName().equals("io.dualwrite.jdbc.DualConnectionProxy"));
        }
    }

    @Test
    void phase1_isTheBareDriver() throws Exception {
        try (Connection connection = DriverManager.getConnection(PREFIX + file());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE book (id INT PRIMARY KEY, title VARCHAR(20))");
            assertThat(statement.executeUpdate("INSERT INTO book VALUES (1, 'Emma')"))
                    .isEqualTo(1);
            try (ResultSet rows = statement.executeQuery("SELECT title FROM book")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("Emma");
                assertThat(rows.getStatement()).isSameAs(statement);
                assertThat(rows.getStatement().getConnection()).isSameAs(connection);
                assertThat(rows.isWrapperFor(org.h2.jdbc.JdbcResultSet.class)).isTrue();
                assertThat(rows.unwrap(ResultSet.class)).isSameAs(rows);
            }
            assertThat(connection.getMetaData().getURL()).startsWith("jdbc:h2:mem:" + name + "old");
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            try (Connection bare = DriverManager.getConnection(new_);
                    ResultSet tables = bare.getMetaData().getTables(null, null, "BOOK", null)) {
                assertThat(tables.next()).isFalse();
            }
        }
    }

    @Test
    void threadsOfTheInstance_belongToNoApplication() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader own = caller.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], own)) {
            caller.setContextClassLoader(application);
            try (Connection connection = DriverManager.getConnection(PREFIX + file())) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().startsWith("dualwrite-"))
                        .isNotEmpty()
                        .allMatch(thread -> thread.getContextClassLoader() != application);
            }
        } finally {
            caller.setContextClassLoader(own);
        }
    }

    /** Passwords change while an instance runs, and are given to its pool. */
    @Test
    void ownConnections_logInAsTheApplicationDoesByNow() throws Exception {
        try (Connection admin = DriverManager.getConnection(old, "sa", "");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE USER app PASSWORD 'first' ADMIN");
            Path file = file("new.user = sa", "heartbeat = 100 ms");
            String sessions = "SELECT session_id FROM information_schema.sessions WHERE user_name = 'APP'";
            DriverManager.getConnection(PREFIX + file, "app", "first").close();
            List<Integer> former = numbers(statement, sessions);
            assertThat(former).isNotEmpty();
            statement.execute("ALTER USER app SET PASSWORD 'second'");
            DriverManager.getConnection(PREFIX + file, "app", "second").close();
            for (int session : former) {
                statement.execute("CALL ABORT_SESSION(" + session + ")");
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (former.containsAll(numbers(statement, sessions)) && System.nanoTime() < end) {
                Thread.sleep(50);
            }
            assertThat(numbers(statement, sessions)).isNotEmpty().doesNotContainAnyElementsOf(former);
        }
    }

    private static List<Integer> numbers(Statement statement, String sql) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    /** H2's driver wipes it out when it has used it. */
    @Test
    void passwordOfCharacters_servesEveryConnection() throws Exception {
        DriverManager.getConnection(old, "app", "secret").close();
        Path file = file("new.user = sa");
        Properties info = new Properties();
        info.setProperty("user", "app");
        info.put("password", "secret".toCharArray());
        for (int i = 0; i < 2; i++) {
            try (Connection connection = new DualWriteDriver().connect(PREFIX + file, info)) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void userAndPassword_serveOldOnly_whereTheFileNamesNone() throws Exception {
        try (Connection first = DriverManager.getConnection(old, "app", "pass word")) {
            Path file = file("new.user = sa");
            assertThatThrownBy(() -> DriverManager.getConnection(PREFIX + file, "app", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageNotContaining("wrong");
            try (Connection connection = DriverManager.getConnection(PREFIX + file, "app", "pass word")) {
                assertThat(connection.getMetaData().getUserName()).isEqualTo("APP");
            }
            assertThat(first.isClosed()).isFalse();
        }
    }

    // ------------------------------------------------------------------ the data source

    /** Of another vendor's it would know none of them. */
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://b/x, 5, authenticationPluginClassName",
        "jdbc:mariadb://b/x, null, authenticationPluginClassName prepareThreshold"
    })
    void propertiesOfTheApplication_serveNewWhereItIsOfOldsVendor(String newUrl, String threshold, String withheld)
            throws Exception {
        Settings settings = Settings.of(Map.of(
                "phase", "1",
                "instance", name,
                "dataA", "*",
                "old.url", "jdbc:postgresql://a/x",
                "new.url", newUrl,
                "new.property.tcpKeepAlive", "false"));
        Properties info = new Properties();
        info.setProperty("prepareThreshold", "5");
        info.setProperty("tcpKeepAlive", "true");
        info.setProperty("user", "app");
        info.setProperty("password", "secret");
        info.setProperty("authenticationPluginClassName", "OfOldsToken");
        Properties onNew = SharedInstance.properties(settings, Side.NEW, info);
        assertThat(String.valueOf(onNew.getProperty("prepareThreshold"))).isEqualTo(threshold);
        assertThat(onNew.getProperty("tcpKeepAlive")).isEqualTo("false");
        assertThat(onNew.stringPropertyNames()).doesNotContain("user", "password", "authenticationPluginClassName");
        assertThat(SharedInstance.properties(settings, Side.OLD, info).getProperty("user"))
                .isEqualTo("app");
        assertThat(SharedInstance.withheldFromNew(settings, info)).containsExactly(withheld.split(" "));
    }

    @Test
    void dataSource_takesFileOrUrl() throws Exception {
        Path file = file();
        DualWriteDataSource source = new DualWriteDataSource();
        assertThatThrownBy(source::getConnection).hasMessageContaining("No url is set");
        source.setUrl("jdbc:h2:mem:");
        assertThatThrownBy(source::getConnection).hasMessageContaining("jdbc:h2:mem: is no URL of Dualwrite");
        source.setFile(file.toString());
        source.setUser("sa");
        source.setPassword("");
        assertThat(source.getUrl()).isEqualTo(PREFIX + file);
        assertThat(source.getFile()).isEqualTo(file.toString());
        try (Connection connection = source.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
        source.setPassword("secret");
        assertThat(source.toString()).contains(file.toString()).doesNotContain("secret");
        assertThat(source.unwrap(DataSource.class)).isSameAs(source);
        assertThat(source.isWrapperFor(Connection.class)).isFalse();
        assertThatThrownBy(() -> source.unwrap(Connection.class)).isInstanceOf(SQLException.class);
    }

    @Test
    void dataSource_worksByItsClassNameInAPool() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSourceClassName(DualWriteDataSource.class.getName());
        config.addDataSourceProperty("file", file().toString());
        config.addDataSourceProperty("user", "sa");
        config.addDataSourceProperty("password", "");
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection connection = pool.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void dataSource_lendsItsConnectionsToAnApplicationServersPool() throws Exception {
        DualWriteDataSource source = new DualWriteDataSource();
        source.setFile(file().toString());
        PooledConnection pooled = source.getPooledConnection();
        List<String> events = new ArrayList<>();
        pooled.addConnectionEventListener(new ConnectionEventListener() {
            @Override
            public void connectionClosed(ConnectionEvent event) {
                events.add("closed");
            }

            @Override
            public void connectionErrorOccurred(ConnectionEvent event) {
                events.add("error " + event.getSQLException().getSQLState());
            }
        });
        Connection first = pooled.getConnection();
        try (Statement statement = first.createStatement()) {
            statement.execute("CREATE TABLE lent (id INT)");
            first.setAutoCommit(false);
            statement.execute("INSERT INTO lent VALUES (1)");
            assertThat(statement.getConnection()).isSameAs(first);
        }
        first.close();
        first.close();
        assertThat(events).containsExactly("closed");
        assertThat(first.isClosed()).isTrue();
        assertThatThrownBy(first::createStatement).hasMessageContaining("closed");
        Connection second = pooled.getConnection();
        assertThat(second.getAutoCommit()).isTrue();
        try (Statement statement = second.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM lent")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1))
                    .as("rows of the transaction that was given back")
                    .isZero();
        }
        PreparedStatement kept = second.prepareStatement("INSERT INTO lent VALUES (2)");
        try (Statement begin = second.createStatement()) {
            begin.execute("SET AUTOCOMMIT FALSE");
        }
        kept.executeUpdate();
        Connection third = pooled.getConnection();
        assertThatThrownBy(kept::executeUpdate)
                .as("a statement of a handle that came back")
                .isInstanceOf(SQLException.class);
        try (Statement statement = third.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM lent")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isZero();
        }
        assertThat(second.isClosed()).isTrue();
        assertThat(events).containsExactly("closed");
        Connection physical = third.unwrap(JdbcConnection.class);
        physical.close();
        third.close();
        assertThat(events).containsExactly("closed", "error 08003");
        pooled.close();
        assertThatThrownBy(pooled::getConnection).hasMessageContaining("closed");
    }

    @Test
    void xa_isRefusedWithTheReason() {
        assertThatThrownBy(() -> new DualWriteDataSource().unwrap(XADataSource.class))
                .isInstanceOf(SQLFeatureNotSupportedException.class)
                .hasMessageContaining("no part in XA transactions");
    }

    /** As in an application server: each application has a driver of its own class loader, and takes it back when it goes. */
    @Test
    void driverOfAnotherClassLoader_runsBesideThisOne_andEndsWithItsDeregistration() throws Exception {
        String url = PREFIX + file();
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            path.add(Paths.get(entry).toUri().toURL());
        }
        try (URLClassLoader application =
                new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> loaded = Class.forName(DualWriteDriver.class.getName(), true, application);
            assertThat(loaded).isNotEqualTo(DualWriteDriver.class);
            Driver theirs = (Driver) loaded.getConstructor().newInstance();
            long before = instances();
            try (Connection connection = theirs.connect(url, new Properties())) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(connection.getClass().getClassLoader()).isSameAs(application);
            }
            assertThat(instances()).isEqualTo(before + 1);
            Class<?> takesBack = Class.forName(TakesBack.class.getName(), true, application);
            ((Runnable) takesBack.getConstructor().newInstance()).run();
            assertThat(instances()).isEqualTo(before);
        }
        assertThat(DriverManager.getDriver(url)).isInstanceOf(DualWriteDriver.class);
    }

    /** DriverManager shows a caller the drivers of its own class loader only. */
    public static final class TakesBack implements Runnable {
        @Override
        public void run() {
            try {
                for (Driver driver : Collections.list(DriverManager.getDrivers())) {
                    if (driver.getClass().getClassLoader() == getClass().getClassLoader()) {
                        DriverManager.deregisterDriver(driver);
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void url_worksInAPool() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PREFIX + file());
        config.setDriverClassName(DualWriteDriver.class.getName());
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection connection = pool.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
