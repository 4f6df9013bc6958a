package io.dualwrite.copier;

import io.dualwrite.config.Manifest;
import io.dualwrite.config.Settings;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Run;
import io.dualwrite.copier.ledger.RunKind;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.rows.Scans;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Raises new's key generators while old cannot be asked, so that the way from 5 on to 6 stays open when old is dead (R24): above
 * all that new's tables hold, for in 5 every row of old's is there.
 */
final class SequencesAlone {
    private final Connection connection;
    private final Dialect dialect;
    private final long margin;
    private final List<Report.Table> reports = new ArrayList<>();
    private long raised;

    private SequencesAlone(Connection connection, Dialect dialect, long margin) {
        this.connection = connection;
        this.dialect = dialect;
        this.margin = margin;
    }

    /** Whether new is the authority, so that it may go on without old. */
    static boolean mayGo(Settings settings) throws SQLException {
        try (Ledger ledger = Ledger.open(Direction.DOWN, List.of(Endpoint.of(settings, Side.NEW)))) {
            return ledger.fleet().authority(settings.phase) == Side.NEW;
        }
    }

    static Report raise(Settings settings, String id, long margin, SQLException why)
            throws SQLException, InterruptedException {
        long started = System.nanoTime();
        Endpoint endpoint = Endpoint.of(settings, Side.NEW);
        try (Ledger ledger = Ledger.open(Direction.DOWN, List.of(endpoint));
                Run run = Run.begin(ledger, id, RunKind.SEQUENCES, Direction.UP, settings.phase);
                Connection connection = endpoint.open()) {
            SequencesAlone alone = new SequencesAlone(connection, endpoint.dialect(), margin);
            alone.raiseAll(settings.manifest);
            run.end(true, alone.raised, 0, alone.raised + " generators raised without old");
            return new Report(
                    RunKind.SEQUENCES.word(),
                    Direction.UP.word(),
                    id,
                    List.copyOf(alone.reports),
                    List.of(),
                    0,
                    List.of(why.getMessage()
                            + ". New is the authority, so its generators were raised above what its own tables"
                            + " hold. A sequence that no column owns was raised by the margin alone."),
                    (System.nanoTime() - started) / 1_000_000,
                    null);
        }
    }

    private void raiseAll(Manifest manifest) throws SQLException {
        for (TableName name : dialect.tables(connection)) {
            TableShape table = dialect.shape(connection, name);
            if (manifest.classOf(table.name) != Manifest.DataClass.REFUSED) {
                for (Generator generator : dialect.generators(connection, table)) {
                    Column column = generator.column == null ? null : table.column(generator.column);
                    Long largest = column == null ? null : Scans.largest(connection, dialect, table, column);
                    raise(generator, largest == null ? 0 : largest);
                }
            }
        }
        for (Generator generator : dialect.freeGenerators(connection)) {
            raise(generator, dialect.reached(connection, generator));
        }
    }

    private void raise(Generator generator, long needed) throws SQLException {
        long reached = dialect.reached(connection, generator);
        String note = "already at " + reached;
        if (reached < needed + margin) {
            dialect.raise(connection, generator, needed + margin);
            note = "raised from " + reached + " to above " + (needed + margin);
            raised++;
        }
        connection.commit();
        reports.add(Report.Table.noted(generator.toString(), note));
    }
}
