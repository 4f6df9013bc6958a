package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dualwrite.DualWriteDataSource;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data source's login timeout is the vendors', as a pool sets it that is given a class and no URL. */
class LoginTimeoutIT {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** Of clients that nobody answers; one that is forgotten would be closed by the collector. */
    private final List<Socket> unanswered = new CopyOnWriteArrayList<>();

    private volatile boolean silent;

    @TempDir
    private Path directory;

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        for (Socket socket : unanswered) {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void serverTakesAConnectionAndSaysNothing_isGivenUp(String vendor) throws Exception {
        DatabaseServer server = SharedServers.of(vendor);
        server.createDatabase("login");
        String url = server.jdbcUrl("login");
        int port = URI.create(url.substring("jdbc:".length())).getPort();
        try (ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> letIn(door, port));
            Path file = Files.writeString(
                    directory.resolve("dualwrite.properties"),
                    "phase = 1\ninstance = login-" + vendor + "\ndataA = *\nold.url = "
                            + url.replace(":" + port + "/", ":" + door.getLocalPort() + "/") + "\nnew.url = " + url
                            + "\nold.user = " + server.user() + "\nold.password = " + server.password()
                            + "\nnew.user = " + server.user() + "\nnew.password = " + server.password() + "\n");
            DualWriteDataSource source = new DualWriteDataSource();
            source.setFile(file.toString());
            source.setLoginTimeout(1);
            source.getConnection().close();
            silent = true;
            assertTimeoutPreemptively(Duration.ofSeconds(4), () -> assertThatThrownBy(source::getConnection)
                    .isInstanceOf(SQLException.class));
        }
    }

    private void letIn(ServerSocket door, int port) {
        try {
            while (true) {
                Socket client = door.accept();
                if (silent) {
                    unanswered.add(client);
                } else {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                    threads.execute(() -> pass(client, server));
                    threads.execute(() -> pass(server, client));
                }
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.close();
        } catch (IOException closed) {
            // One of them has gone.
        }
    }
}
