package io.dualwrite.demo.bookstore;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The file in which one instance writes what it was told had committed, outside of any database. Thread-safe.
 *
 * <p>A line is {@code sequence TAB outcome TAB kind TAB table TAB key (TAB column=value)*}. The outcome is {@code acked}
 * or {@code unknown}; the kind is {@code =} (the row has these values), {@code -} (the row is gone) or {@code +} (the columns
 * were raised by these amounts). All lines of a transaction go out in one write, before the worker's next request.
 */
final class Journal implements Closeable {
    private final OutputStream file;
    private long sequence;

    Journal(Path path) throws IOException {
        this.file = new FileOutputStream(path.toFile(), true);
    }

    /** The database said that these changes are committed. */
    void acked(List<String> changes) {
        append("acked", changes);
    }

    /** Nobody knows whether these changes are committed. */
    void unknown(List<String> changes) {
        append("unknown", changes);
    }

    private synchronized void append(String outcome, List<String> changes) {
        if (changes.isEmpty()) {
            return;
        }
        StringBuilder block = new StringBuilder();
        for (String change : changes) {
            block.append(++sequence)
                    .append('\t')
                    .append(outcome)
                    .append('\t')
                    .append(change)
                    .append('\n');
        }
        try {
            file.write(block.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
