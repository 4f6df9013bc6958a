package io.dualwrite.histories;

import static java.util.stream.Collectors.joining;

import io.dualwrite.histories.Request.Append;
import io.dualwrite.histories.Request.ReadList;
import io.dualwrite.histories.Request.Way;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients that append to lists and read them: each list is a row with a text, made by the first append to its key. A few keys
 * are in use at a time, and give way to new ones before their lists are long. Thread-safe.
 */
final class Lists {
    private static final int KEYS_IN_USE = 6;
    private static final int APPENDS_PER_ROUND = KEYS_IN_USE * 40;

    private final AtomicInteger values = new AtomicInteger();
    private final String inPlace;

    /** @param concatenation how the application's SQL puts a parameter at the end of {@code entries} */
    Lists(String concatenation) {
        inPlace = "UPDATE register SET entries = " + concatenation + ", version = version + 1 WHERE id = ?";
    }

    static List<Integer> parse(@Nullable String entries) {
        List<Integer> values = new ArrayList<>();
        for (String value : String.valueOf(entries).split(",")) {
            if (!value.isEmpty()) {
                values.add(Integer.valueOf(value));
            }
        }
        return values;
    }

    private static String text(List<Integer> values) {
        return values.stream().map(value -> "," + value).collect(joining());
    }

    Append append(Random random) {
        int value = values.incrementAndGet();
        return new Append(key(value, random), value, random.nextInt(3) == 0 ? Way.READ_AND_WRITE : Way.IN_PLACE);
    }

    ReadList read(Random random) {
        return new ReadList(key(values.get(), random));
    }

    private static int key(int value, Random random) {
        return value / APPENDS_PER_ROUND * KEYS_IN_USE + random.nextInt(KEYS_IN_USE);
    }

    Outcome run(Append append, Transaction transaction) {
        return append.way() == Way.IN_PLACE
                ? transaction.runAlone(connection -> appendInPlace(connection, append))
                : transaction.run(connection -> readAndWrite(connection, append));
    }

    Outcome run(ReadList read, Transaction transaction) {
        return transaction.runAlone(connection -> {
            List<Integer> values = values(connection, read.key(), "");
            return new Outcome.Values(values == null ? List.of() : values);
        });
    }

    private Outcome appendInPlace(Connection connection, Append append) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(inPlace)) {
            update.setString(1, text(List.of(append.value())));
            update.setInt(2, append.key());
            return update.executeUpdate() == 1 ? new Outcome.Done() : insert(connection, append);
        }
    }

    private static Outcome readAndWrite(Connection connection, Append append) throws SQLException {
        List<Integer> values = values(connection, append.key(), " FOR UPDATE");
        if (values == null) {
            return insert(connection, append);
        }
        values.add(append.value());
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE register SET entries = ?, version = version + 1 WHERE id = ?")) {
            update.setString(1, text(values));
            update.setInt(2, append.key());
            return update.executeUpdate() == 1 ? new Outcome.Done() : new Outcome.Failed("the locked row is gone");
        }
    }

    /** The first append to a key; of two at a time one is refused. */
    private static Outcome insert(Connection connection, Append append) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO register (id, entries, version) VALUES (?, ?, 1)")) {
            insert.setInt(1, append.key());
            insert.setString(2, text(List.of(append.value())));
            insert.executeUpdate();
            return new Outcome.Done();
        }
    }

    private static @Nullable List<Integer> values(Connection connection, int key, String lock) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT entries FROM register WHERE id = ?" + lock)) {
            select.setInt(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? parse(row.getString(1)) : null;
            }
        }
    }
}
