package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Calls in an order that nobody thought of, the same for the same seed, and what the tables hold in the end. */
final class Walk implements Case.Body {
    /** Neighbouring seeds begin alike otherwise. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Drawing drawing;

    private interface Drawing {
        List<Step> steps(Fixture fixture);
    }

    /** @param dual whether the walk also goes where both databases are written, and so keeps to what is the same there */
    Walk(long seed, boolean dual) {
        drawing = fixture -> {
            Random random = new Random(seed * SPREAD);
            Grammar grammar = new Grammar(random, fixture, dual);
            int length = 10 + random.nextInt(16);
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                steps.add(grammar.step());
            }
            return steps;
        };
    }

    Walk(List<Step> steps) {
        drawing = fixture -> steps;
    }

    List<Step> steps(Fixture fixture) {
        return drawing.steps(fixture);
    }

    @Override
    public void run(Connection connection, Transcript transcript, Fixture fixture) throws Exception {
        Walker walker = new Walker(connection, transcript);
        for (Step step : steps(fixture)) {
            step.action().take(walker);
        }
        transcript.ask("autocommit in the end", connection::getAutoCommit);
        transcript.ask("read-only in the end", connection::isReadOnly);
        transcript.ask("holdability in the end", connection::getHoldability);
        if (connection.isClosed()) {
            return;
        }
        if (!connection.getAutoCommit()) {
            transcript.attempt("end of the last transaction", connection::rollback);
        }
        transcript.ask("isolation in the end", connection::getTransactionIsolation);
        for (String table : Fixture.TABLES.split(", ")) {
            transcript.attempt(table, () -> see(connection, transcript, table));
        }
    }

    private static void see(Connection connection, Transcript transcript, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
            transcript.rows(table, rows);
        }
    }
}
