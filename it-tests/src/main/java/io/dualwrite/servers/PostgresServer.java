package io.dualwrite.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL from io.zonky.test's binaries. PostgreSQL refuses to run as root, so that there it runs as the user nobody, on
 * files that are nobody's.
 */
final class PostgresServer implements DatabaseServer {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final String ROOTS_SERVANT = "nobody";

    /** Gives at least one row where the database is there. */
    private static final String END_SESSIONS = "SELECT pg_terminate_backend(a.pid, 10000) FROM pg_database d"
            + " LEFT JOIN pg_stat_activity a ON a.datid = d.oid WHERE d.datname = ";

    private static final String EMPTY = "DO $$ DECLARE name TEXT; BEGIN"
            + " FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            + " LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;"
            + " PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;"
            + " CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC; END $$";

    private final int port;
    private final ServerProcess process;

    PostgresServer() throws IOException {
        URL archive = PostgresServer.class.getClassLoader().getResource(ARCHIVE);
        if (archive == null) {
            throw new IOException(
                    ARCHIVE + " is not on the class path; io.zonky.test.postgres has it for Linux on x86_64");
        }
        String version = ServerFiles.jarOf(archive).getFileName().toString();
        Path binaries = ServerFiles.cached(version, directory -> unpack(archive, directory));
        Path template = ServerFiles.cached(version + ".data", directory -> initialise(binaries, directory));
        Path home = ServerFiles.home(vendor());
        handOver(home);
        Path data = home.resolve("data");
        ServerFiles.run(List.of("cp", "-a", template.resolve("data").toString(), data.toString()), home, nothing());
        port = ServerFiles.freePort();
        process = new ServerProcess(home, "QUIT", asServant(command(binaries, data, port)));
        start();
    }

    @Override
    public String vendor() {
        return "postgres";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public String user() {
        return "app";
    }

    @Override
    public String password() {
        return "app";
    }

    /** One that is there is emptied: that takes a fraction of the time in which its files are made anew. */
    @Override
    public void createDatabase(String database) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            try (ResultSet sessions = statement.executeQuery(END_SESSIONS + "'" + database + "'")) {
                if (sessions.next()) {
                    empty(database);
                    return;
                }
            }
            statement.execute("CREATE DATABASE \"" + database + "\"");
        }
    }

    private void empty(String database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(EMPTY);
        }
    }

    @Override
    public void start() throws IOException {
        process.start(jdbcUrl("postgres"), user(), password());
    }

    @Override
    public void stop() throws IOException {
        process.end("INT");
    }

    @Override
    public void kill() throws IOException {
        process.end("QUIT");
    }

    @Override
    public void close() {
        process.close();
    }

    private static List<String> command(Path binaries, Path data, int port) {
        List<String> command =
                new ArrayList<>(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=300",
                "shared_buffers=64MB",
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "deadlock_timeout=200ms",
                "log_checkpoints=off",
                "timezone=UTC")) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    private static void unpack(URL archive, Path directory) throws IOException {
        try (InputStream bytes = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(bytes))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException(ARCHIVE + " leads out of its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    ServerFiles.copy(tar, file, (entry.getMode() & 0100) != 0);
                }
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static void initialise(Path binaries, Path directory) throws IOException {
        handOver(directory);
        Path password = Files.writeString(directory.resolve("password"), "app\n");
        List<String> command = List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + directory.resolve("data"),
                "--username=app",
                "--pwfile=" + password,
                "--auth=password",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        ServerFiles.run(asServant(command), directory, nothing());
    }

    private static boolean root() {
        return Objects.equals(System.getProperty("user.name"), "root");
    }

    private static void handOver(Path directory) throws IOException {
        if (root()) {
            UserPrincipal servant =
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ROOTS_SERVANT);
            Files.getFileAttributeView(directory, PosixFileAttributeView.class).setOwner(servant);
        }
    }

    private static List<String> asServant(List<String> command) {
        if (!root()) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=" + ROOTS_SERVANT, "--clear-groups", "--"));
        all.addAll(command);
        return all;
    }

    private static Path nothing() {
        return Path.of("/dev/null");
    }
}
