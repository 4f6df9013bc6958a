package io.dualwrite.copier.gate;

import io.dualwrite.config.Manifest;
import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How far both sides' key generators have come (R24). Immutable.
 *
 * @param sides by side and common name; a side that could not be read has none
 * @param trouble why a side could not be read, or null
 */
record GeneratorStands(
        Map<Side, Map<String, Stand>> sides, @Nullable String trouble) {
    private static final long MOST_SECONDS = 20;

    /**
     * One generator.
     *
     * @param reached every value up to it may have been handed out
     * @param follows whether an explicit value that is larger raises it
     */
    record Stand(long reached, boolean follows) {
        private Stand further(Stand other) {
            return other.reached > reached ? other : this;
        }
    }

    /**
     * Reads them, over the gate's connections where it has them, for another one would be a session that no instance owns. A side
     * that the step leaves behind has none; it may be dead, and is given up after a while. Ends the transactions.
     */
    static GeneratorStands read(Settings settings, Sides open) throws SQLException {
        Map<Side, Map<String, Stand>> sides = new EnumMap<>(Side.class);
        String trouble = null;
        for (Side side : Side.values()) {
            try {
                Dialect dialect = Endpoint.of(settings, side).dialect();
                sides.put(
                        side,
                        open.all().contains(side)
                                ? read(open.connection(side), dialect, settings.manifest)
                                : readApart(settings, side));
            } catch (SQLException e) {
                trouble = side.word() + "'s could not be read: " + e.getMessage();
            }
        }
        open.rollback();
        return new GeneratorStands(sides, trouble);
    }

    private static Map<String, Stand> readApart(Settings settings, Side side) throws SQLException {
        CompletableFuture<Map<String, Stand>> stands = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                Endpoint endpoint = Endpoint.of(settings, side);
                try (Connection connection = endpoint.open()) {
                    stands.complete(read(connection, endpoint.dialect(), settings.manifest));
                    connection.rollback();
                }
            } catch (SQLException | RuntimeException e) {
                stands.completeExceptionally(e);
            }
        });
        reader.setName("dualwrite-gate-" + side.word());
        reader.setDaemon(true);
        reader.start();
        try {
            return stands.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            throw new SQLException("no answer within " + MOST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    private static SQLException failure(ExecutionException wrapped) {
        return wrapped.getCause() instanceof SQLException failure ? failure : new SQLException(wrapped);
    }

    private static Map<String, Stand> read(Connection connection, Dialect dialect, Manifest manifest)
            throws SQLException {
        Map<String, Stand> stands = new TreeMap<>();
        for (TableName name : dialect.tables(connection)) {
            if (manifest.classOf(name) != Manifest.DataClass.REFUSED) {
                TableShape table = dialect.shape(connection, name);
                for (Generator generator : dialect.generators(connection, table)) {
                    put(stands, connection, dialect, generator);
                }
            }
        }
        for (Generator generator : dialect.freeGenerators(connection)) {
            put(stands, connection, dialect, generator);
        }
        return stands;
    }

    private static void put(Map<String, Stand> stands, Connection connection, Dialect dialect, Generator generator)
            throws SQLException {
        Stand stand = new Stand(dialect.reached(connection, generator), generator.followsExplicitValues);
        stands.merge(generator.commonName(), stand, Stand::further);
    }
}
