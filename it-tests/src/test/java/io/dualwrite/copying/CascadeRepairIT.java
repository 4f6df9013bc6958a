package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Report;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repair of a write that the other side never got, with what its server did behind it (R30). */
class CascadeRepairIT {
    private static final String COLUMNS =
            "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at) VALUES ";
    private static final String[] ROWS = {
        "SELECT id, name FROM author ORDER BY id", "SELECT id, author, title FROM book ORDER BY id"
    };

    private static Pair pair(String vendor, Rung rung) throws Exception {
        Pair pair = new Pair(vendor, vendor).set("dataA", "author, book");
        pair.onBoth(
                "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(50))",
                "CREATE TABLE book (id INT PRIMARY KEY, author INT, title VARCHAR(50), FOREIGN KEY (author)"
                        + " REFERENCES author (id) ON DELETE CASCADE ON UPDATE CASCADE)",
                "INSERT INTO author VALUES (1, 'Ada'), (2, 'Bea')",
                "INSERT INTO book VALUES (11, 1, 'first'), (12, 1, 'second'), (21, 2, 'third')");
        pair.instance(rung, rung.authority() == Side.OLD ? Phase.THREE : Phase.FIVE);
        return pair;
    }

    /** The parent is deleted on the mirror under its former key, and its children go with it there: they come back. */
    @ParameterizedTest
    @CsvSource({
        "h2, DUAL_READ_OLD",
        "postgres, DUAL_READ_OLD",
        "mariadb, DUAL_READ_OLD",
        "h2, DUAL_READ_NEW",
        "postgres, DUAL_READ_NEW",
        "mariadb, DUAL_READ_NEW"
    })
    void keyOfAParentWasChanged_childrenFollowInTheEnd(String vendor, Rung rung) throws Exception {
        try (Pair pair = pair(vendor, rung)) {
            pair.run(
                    rung.authority(),
                    "UPDATE author SET id = 9 WHERE id = 1",
                    "DELETE FROM author WHERE id = 2",
                    COLUMNS + "('w-1', 0, 'author', '1', 'in flight', 'app-1', 1, 5),"
                            + " ('w-1', 1, 'author', '9', 'in flight', 'app-1', 1, 5),"
                            + " ('w-1', 2, 'author', '2', 'in flight', 'app-1', 1, 5),"
                            + " ('w-1', 3, 'book', NULL, 'in flight', 'app-1', 1, 5)");
            Report report;
            try (Copier copier = pair.copier(rung.authority() == Side.OLD ? Direction.UP : Direction.DOWN)) {
                report = copier.repair();
            }
            assertThat(report.differences()).as(report.notes().toString()).isZero();
            for (String rows : ROWS) {
                assertThat(pair.rows(rung.mirror(), rows)).isEqualTo(pair.rows(rung.authority(), rows));
            }
            assertThat(pair.rows(rung.mirror(), ROWS[1])).containsExactly("11,9,first", "12,9,second");
            assertThat(pair.rows(rung.authority(), "SELECT id FROM dualwrite_mark WHERE seq >= 0"))
                    .isEmpty();
        }
    }
}
