package io.dualwrite.bench;

import io.dualwrite.sql.Classification;
import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.StatementClassifier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading what a text does, where it is not remembered: 65,536 texts go round, and the cache holds far fewer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init")
public class Classify {
    private static final int TEXTS = 1 << 16;

    /** What a shop's service sends, joins, a subquery, a query with a name, and writes of several rows among it. */
    private static final String[] MIX = {
        "SELECT id, name, price FROM title WHERE id = %d",
        "SELECT o.id, o.placed_at, l.title_id, l.quantity FROM orders o JOIN order_line l ON l.order_id = o.id"
                + " WHERE o.customer_id = %d AND o.state <> 'cancelled' ORDER BY o.placed_at DESC LIMIT 20",
        "UPDATE title SET stock = stock - 1, changed_at = '2026-01-01 00:00:00' WHERE id = %d AND stock > 0",
        "INSERT INTO order_line (order_id, line, title_id, quantity, price) VALUES (%d, 1, 17, 2, 19.90), (%<d, 2, 4, 1, 7)",
        "DELETE FROM cart WHERE customer_id = %d AND title_id IN (1, 2, 3)",
        "SELECT COUNT(*), COALESCE(SUM(l.quantity * l.price), 0) FROM order_line l WHERE l.order_id = %d",
        "SELECT t.id FROM title t WHERE t.id > %d AND EXISTS (SELECT 1 FROM review r WHERE r.title_id = t.id AND r.stars = 5)",
        "WITH latest AS (SELECT title_id, MAX(id) AS id FROM review GROUP BY title_id) SELECT r.body FROM review r"
                + " JOIN latest ON latest.id = r.id WHERE r.title_id = %d",
        "INSERT INTO review (title_id, customer_id, stars, body) VALUES (%d, ?, ?, 'It''s good; I''d read it again')",
        "SELECT balance FROM wallet WHERE customer_id = %d FOR UPDATE",
    };

    @Param
    public SqlFlavour flavour;

    private StatementClassifier classifier;
    private String[] texts;
    private int at;

    @Setup
    public void write() {
        classifier = StatementClassifier.of(flavour);
        texts = new String[TEXTS];
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = MIX[i % MIX.length].formatted(i);
        }
    }

    @Benchmark
    public Classification uncached() {
        at = (at + 1) % TEXTS;
        return classifier.classify(texts[at]);
    }
}
