package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the application, read once and replayed any number of times: from memory up to {@value #IN_MEMORY} bytes,
 * else from a temporary file that is gone when the last holder has released the spool. Characters are kept as two bytes
 * each, so that nothing is lost. Thread-safe: a mirror may replay it while the application goes on.
 */
final class Spool {
    static final int IN_MEMORY = 64 * 1024;
    private static final int CHUNK = 8 * 1024;

    private final AtomicInteger holders = new AtomicInteger(1);
    private byte[] memory = new byte[CHUNK];
    private @Nullable RandomAccessFile file;
    private @Nullable Path path;
    private long size;
    /** What the application's stream failed with behind what was read of it. */
    private @Nullable Exception broken;

    private Spool() {}

    /**
     * Reads a stream of bytes; the stream stays open, as JDBC leaves it to the application. One that fails is replayed up to
     * where it failed and fails again there, so that the vendor's driver says what it says of such a stream.
     *
     * @param limit the most bytes to read, or {@link Long#MAX_VALUE} for all
     * @throws SQLException with SQLSTATE 22000 if the file cannot be written
     */
    static Spool bytes(InputStream stream, long limit) throws SQLException {
        Spool spool = new Spool();
        try {
            byte[] chunk = new byte[CHUNK];
            long left = limit;
            while (left > 0) {
                int most = (int) Math.min(chunk.length, left);
                int read = spool.read(() -> stream.read(chunk, 0, most));
                if (read < 0) {
                    break;
                }
                spool.append(chunk, read);
                left -= read;
            }
            return spool;
        } catch (IOException failure) {
            throw spool.given(failure);
        }
    }

    /** Reads a stream of characters as {@link #bytes} does one of bytes; the limit counts characters. */
    static Spool characters(Reader reader, long limit) throws SQLException {
        Spool spool = new Spool();
        try {
            char[] chunk = new char[CHUNK / 2];
            byte[] encoded = new byte[CHUNK];
            long left = limit;
            while (left > 0) {
                int most = (int) Math.min(chunk.length, left);
                int read = spool.read(() -> reader.read(chunk, 0, most));
                if (read < 0) {
                    break;
                }
                for (int i = 0; i < read; i++) {
                    encoded[2 * i] = (byte) (chunk[i] >>> 8);
                    encoded[2 * i + 1] = (byte) chunk[i];
                }
                spool.append(encoded, 2 * read);
                left -= read;
            }
            return spool;
        } catch (IOException failure) {
            throw spool.given(failure);
        }
    }

    private interface Read {
        int some() throws IOException;
    }

    private int read(Read read) {
        try {
            return read.some();
        } catch (IOException | RuntimeException e) {
            broken = e;
            return -1;
        }
    }

    /**
     * For a value that was to be read to its end.
     *
     * @throws SQLException with SQLSTATE 22000 if its stream failed before
     */
    Spool requireWhole() throws SQLException {
        Exception failure = broken;
        if (failure != null) {
            throw given(failure);
        }
        return this;
    }

    private void failAgain() throws IOException {
        Exception failure = broken;
        if (failure instanceof IOException) {
            throw (IOException) failure;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /** The bytes from their beginning. Closing the stream does nothing to the spool. */
    InputStream stream() {
        return new Replay();
    }

    /** The characters from their beginning. */
    Reader reader() {
        return new CharacterReplay(new Replay());
    }

    /** The length in bytes; two for each character. */
    long size() {
        return size;
    }

    /** One more holder, who will {@link #release} it too. */
    Spool retain() {
        holders.incrementAndGet();
        return this;
    }

    /** One holder less; the last one deletes the file. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            discard();
        }
    }

    private void append(byte[] chunk, int length) throws IOException {
        RandomAccessFile out = file;
        if (out == null && size + length > IN_MEMORY) {
            out = spill();
        }
        if (out != null) {
            out.write(chunk, 0, length);
        } else {
            int at = (int) size;
            if (at + length > memory.length) {
                memory = Arrays.copyOf(memory, Math.min(IN_MEMORY, 2 * (at + length)));
            }
            System.arraycopy(chunk, 0, memory, at, length);
        }
        size += length;
    }

    /**
     * Not a channel: an interrupt of a reading thread would close it. Where the system lets go of an open file's name, the
     * name goes at once, so that not even a killed process leaves anything behind.
     */
    private RandomAccessFile spill() throws IOException {
        Path created = Files.createTempFile("dualwrite-", ".spool");
        RandomAccessFile opened = new RandomAccessFile(created.toFile(), "rw");
        file = opened;
        if (!created.toFile().delete()) {
            path = created;
        }
        opened.write(memory, 0, (int) size);
        memory = new byte[0];
        return opened;
    }

    private SQLException given(Exception failure) {
        discard();
        return new SQLDataException(
                "A stream parameter cannot be read or kept after " + size + " bytes", SqlState.DATA.code(), failure);
    }

    private void discard() {
        RandomAccessFile open = file;
        if (open == null) {
            return;
        }
        try {
            open.close();
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            if (path != null) {
                path.toFile().deleteOnExit();
            }
        }
    }

    private int readAt(long position, byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= size) {
            failAgain();
            return -1;
        }
        int wanted = (int) Math.min(length, size - position);
        RandomAccessFile in = file;
        if (in == null) {
            System.arraycopy(memory, (int) position, target, offset, wanted);
            return wanted;
        }
        synchronized (in) {
            in.seek(position);
            return in.read(target, offset, wanted);
        }
    }

    private final class Replay extends InputStream {
        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = readAt(position, target, offset, length);
            if (read > 0) {
                position += read;
            }
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, size - position);
        }
    }

    private static final class CharacterReplay extends Reader {
        private final InputStream bytes;
        private byte[] chunk = new byte[CHUNK];

        CharacterReplay(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int wanted = 2 * Math.min(length, chunk.length / 2);
            int read = 0;
            // What was read before a failure is handed on first: the next call meets the failure.
            while (read < wanted && (read == 0 || bytes.available() > 0)) {
                int more = bytes.read(chunk, read, wanted - read);
                if (more < 0) {
                    break;
                }
                read += more;
            }
            if (read == 0 && wanted > 0) {
                return -1;
            }
            for (int i = 0; i < read / 2; i++) {
                target[offset + i] = (char) ((chunk[2 * i] & 0xff) << 8 | chunk[2 * i + 1] & 0xff);
            }
            return read / 2;
        }

        @Override
        public void close() {}
    }
}
