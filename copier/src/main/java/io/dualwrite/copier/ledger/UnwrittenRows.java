package io.dualwrite.copier.ledger;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.dialect.OwnTables;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Keys of rows that a copy could not write, as the target keeps them in {@code dualwrite_copy}: one row each, of the kind
 * {@code left}, under an id that follows from the key. As thread-safe as the ledger, whose connection it uses.
 */
public final class UnwrittenRows {
    private static final int LONGEST_KEY = 600;

    private static final String KIND = "left";
    private static final String BY_ID = " WHERE run = ? AND kind = '" + KIND + "' AND table_name = ?";

    private final Ledger ledger;
    private final Connection target;
    private final Direction direction;

    UnwrittenRows(Ledger ledger, Connection target, Direction direction) {
        this.ledger = ledger;
        this.target = target;
        this.direction = direction;
    }

    /** Whether a row's key is short enough to be kept. */
    public static boolean takes(String key) {
        return key.length() <= LONGEST_KEY;
    }

    /** The keys of the table's rows that earlier copies could not write. */
    public Set<String> read(String table) throws SQLException {
        synchronized (ledger) {
            try (PreparedStatement statement = target.prepareStatement("SELECT last_key FROM " + OwnTables.COPY
                    + " WHERE kind = '" + KIND + "' AND direction = ? AND table_name = ? ORDER BY started_at, run")) {
                statement.setString(1, direction.word());
                statement.setString(2, table);
                Set<String> keys = new LinkedHashSet<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        keys.add(rows.getString(1));
                    }
                }
                return keys;
            } finally {
                target.rollback();
            }
        }
    }

    /** Keeps the keys of rows that could not be written. */
    public void record(String table, Collection<String> keys) throws SQLException {
        synchronized (ledger) {
            try {
                remove(table, keys);
                add(table, keys);
                target.commit();
            } finally {
                target.rollback();
            }
        }
    }

    /** Forgets the keys of rows that have been written since. */
    public void forget(String table, Collection<String> keys) throws SQLException {
        synchronized (ledger) {
            try {
                remove(table, keys);
                target.commit();
            } finally {
                target.rollback();
            }
        }
    }

    private void add(String table, Collection<String> keys) throws SQLException {
        long now = ledger.now(direction.target());
        try (PreparedStatement statement = target.prepareStatement("INSERT INTO " + OwnTables.COPY
                + " (run, kind, direction, table_name, state, last_key, rows_done, differences, locked, started_at,"
                + " touched_at) VALUES (?, '" + KIND + "', ?, ?, '" + KIND + "', ?, 0, 0, 0, ?, ?)")) {
            for (String key : keys) {
                statement.setString(1, id(key));
                statement.setString(2, direction.word());
                statement.setString(3, table);
                statement.setString(4, key);
                statement.setLong(5, now);
                statement.setLong(6, now);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private void remove(String table, Collection<String> keys) throws SQLException {
        try (PreparedStatement statement = target.prepareStatement("DELETE FROM " + OwnTables.COPY + BY_ID)) {
            for (String key : keys) {
                statement.setString(1, id(key));
                statement.setString(2, table);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** The same for equal keys, and told apart by case on every server. */
    private String id(String key) {
        return UUID.nameUUIDFromBytes((direction.word() + ' ' + key).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
