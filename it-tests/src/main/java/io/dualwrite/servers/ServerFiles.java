package io.dualwrite.servers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Files of the servers: binaries that are unpacked once per version and user, and directories of single servers. */
final class ServerFiles {

    /** Fills an empty directory. */
    interface Filler {
        void fill(Path directory) throws IOException;
    }

    private ServerFiles() {}

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static String userName() {
        return System.getProperty("user.name", "unknown").replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** The jar of the class path that holds the resource. */
    static Path jarOf(URL resource) throws IOException {
        if (!(resource.openConnection() instanceof JarURLConnection jar)) {
            throw new IOException(resource + " is in no jar");
        }
        jar.setUseCaches(false);
        try (var file = jar.getJarFile()) {
            return Path.of(file.getName());
        }
    }

    /**
     * A directory under the temporary one that is filled once: whoever comes first fills a directory of his own and
     * renames it, so that nobody ever sees half of it.
     */
    static Path cached(String name, Filler filler) throws IOException {
        Path root = temporary("dualwrite-servers-" + userName());
        Path cached = root.resolve(name);
        if (Files.isDirectory(cached)) {
            return cached;
        }
        Path fresh = root.resolve(name + "." + UUID.randomUUID());
        Files.createDirectory(fresh);
        try {
            filler.fill(fresh);
            Files.move(fresh, cached, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(cached)) {
                throw e;
            }
        } finally {
            delete(fresh);
        }
        return cached;
    }

    /** A new directory for one server. */
    static Path home(String vendor) throws IOException {
        return temporary(
                "dualwrite-" + vendor + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static Path temporary(String name) throws IOException {
        return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), name));
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static void copy(InputStream from, Path to, boolean executable) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
        if (executable && !to.toFile().setExecutable(true, false)) {
            throw new IOException(to + " cannot be made executable");
        }
    }

    /** Runs a command to its end. */
    static void run(List<String> command, Path directory, Path input) throws IOException {
        Path output = Files.createTempFile(directory, "run", ".log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end within 120 s; its output: " + tail(output));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " ran", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + "; its output: " + tail(output));
        }
        Files.delete(output);
    }

    /** The last lines of a log. */
    static String tail(Path log) throws IOException {
        List<String> lines = new ArrayList<>(Files.exists(log) ? Files.readAllLines(log) : List.of());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
