package io.dualwrite.contract;

import java.io.ByteArrayInputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.rowset.serial.SerialClob;
import org.jspecify.annotations.Nullable;

/** Cases written by hand of what PostgreSQL and its driver alone can do; on the other vendors they do nothing. */
final class PostgresCases {
    private PostgresCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        arrays(cases);
        for (boolean autoCommit : new boolean[] {true, false}) {
            for (boolean fails : new boolean[] {true, false}) {
                temporary(cases, autoCommit, fails);
            }
        }
        cases.add(reading("cursor among the values", PostgresCases::cursor));
        cases.add(reading("clob in a large object", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            for (int first = 1; first <= 2; first++) {
                try (PreparedStatement query = connection.prepareStatement("SELECT CAST(? AS oid)")) {
                    query.setClob(1, new SerialClob("in a large object".toCharArray()));
                    try (ResultSet rows = query.executeQuery()) {
                        rows.next();
                        transcript.see("text", rows.getClob(1).getSubString(1, 100));
                    }
                }
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }));
        cases.add(reading("statement that another thread closes", (connection, transcript, fixture) -> {
            Set<String> states = new TreeSet<>();
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                for (int i = 0; i < 1_000; i++) {
                    Statement statement = connection.createStatement();
                    Future<?> closing = other.submit(() -> {
                        statement.close();
                        return null;
                    });
                    try {
                        statement.executeQuery("SELECT 1");
                    } catch (SQLException closed) {
                        states.add(closed.getSQLState());
                    }
                    closing.get();
                }
            } finally {
                other.shutdown();
            }
            states.removeAll(Set.of("55000", "57014"));
            transcript.see("states that its driver does not give", states);
        }));
        return cases;
    }

    private static Case reading(String name, Case.Body body) {
        return Case.reading("PostgreSQL: " + name, onPostgres(body));
    }

    private static Case same(String name, Case.Body body) {
        return Case.same("PostgreSQL: " + name, onPostgres(body));
    }

    private static Case.Body onPostgres(Case.Body body) {
        return (connection, transcript, fixture) -> {
            if (fixture.isPostgres()) {
                body.run(connection, transcript, fixture);
            }
        };
    }

    private static void arrays(List<Case> cases) {
        Map<String, Object @Nullable []> arrays = new LinkedHashMap<>();
        arrays.put("text", new String[] {"a", null, "c,\"}"});
        arrays.put("int4", new Integer[] {1, null, 3});
        arrays.put("int8", new Long[][] {{1L, 2L}, {3L, 4L}});
        arrays.put("float8", new double[][] {{1.5, 2.5}, {3.5, 4.5}});
        arrays.put("bytea", new byte[][] {{1, -1}, {}, null});
        arrays.put("bool", new Object[] {true, false});
        arrays.put("varchar", null);
        arrays.forEach((type, elements) -> {
            for (boolean autoCommit : new boolean[] {true, false}) {
                cases.add(reading(
                        "array of " + type + ", autocommit " + autoCommit,
                        (connection, transcript, fixture) ->
                                array(connection, transcript, type, elements, autoCommit)));
            }
        });
        for (boolean autoCommit : new boolean[] {true, false}) {
            cases.add(same(
                    "array that was read and is set again, autocommit " + autoCommit,
                    (connection, transcript, fixture) -> setAgain(connection, transcript, autoCommit)));
        }
        cases.add(same("large object that is the first of a transaction", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("SELECT ?::oid > 0")) {
                transcript.attempt("set", () -> query.setBlob(1, new ByteArrayInputStream(new byte[] {1, 2})));
                transcript.ask("number", () -> first(query));
                transcript.attempt(
                        "set with its length", () -> query.setBlob(1, new ByteArrayInputStream(new byte[2]), 2));
                transcript.ask("number again", () -> first(query));
            }
            transcript.attempt("rollback", connection::rollback);
        }));
        cases.add(same("large object after a write that failed", (connection, transcript, fixture) -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE item SET raw = ? WHERE id = ?")) {
                transcript.attempt("set", () -> update.setBlob(1, new ByteArrayInputStream(new byte[2])));
                update.setInt(2, 1);
                transcript.ask("update", update::executeUpdate);
                transcript.attempt("set again", () -> update.setBlob(1, new ByteArrayInputStream(new byte[2])));
            }
        }));
        for (boolean keys : new boolean[] {false, true}) {
            cases.add(same("warnings of a trigger, keys " + keys, (connection, transcript, fixture) -> {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE WARNING 'row %', NEW.id; RETURN NEW; END $$");
                    statement.execute(
                            "CREATE TRIGGER warns BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION warn()");
                }
                connection.commit();
                try (PreparedStatement update = connection.prepareStatement(
                        "UPDATE item SET qty = qty + 1 WHERE id <= ?",
                        keys ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS)) {
                    for (int most = 2; most >= 0; most--) {
                        update.setInt(1, most);
                        transcript.ask("update", update::executeUpdate);
                        transcript.warnings("statement", update.getWarnings());
                        transcript.warnings("statement again", update.getWarnings());
                    }
                    update.setInt(1, 1);
                    transcript.ask("update", update::executeUpdate);
                    update.clearWarnings();
                    transcript.warnings("cleared", update.getWarnings());
                }
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP TRIGGER warns ON item");
                    statement.execute("DROP FUNCTION warn()");
                }
                connection.commit();
            }));
        }
        cases.add(same("array of bytes that is written", (connection, transcript, fixture) -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO item (name, raw) SELECT 'element', e FROM unnest(?::bytea[]) e")) {
                insert.setArray(1, connection.createArrayOf("bytea", new byte[][] {{1, -1}, {}}));
                transcript.ask("inserted", insert::executeUpdate);
            }
            try (PreparedStatement query =
                            connection.prepareStatement("SELECT raw FROM item WHERE name = 'element' ORDER BY raw");
                    ResultSet rows = query.executeQuery()) {
                transcript.rows("written", rows);
            }
        }));
    }

    private static void array(
            Connection connection, Transcript transcript, String type, Object @Nullable [] elements, boolean autoCommit)
            throws SQLException {
        connection.setAutoCommit(autoCommit);
        Array array = connection.createArrayOf(type, elements);
        try (PreparedStatement query = connection.prepareStatement("SELECT ?::" + type + "[]")) {
            for (int i = 0; i < 2; i++) {
                transcript.attempt("set", () -> query.setArray(1, array));
                transcript.ask("read", () -> first(query));
                transcript.attempt("set as an object", () -> query.setObject(1, array));
                transcript.ask("read again", () -> first(query));
            }
        }
    }

    /** What no class of Java's has a place for is in the array's own text. */
    private static void setAgain(Connection connection, Transcript transcript, boolean autoCommit) throws SQLException {
        connection.setAutoCommit(autoCommit);
        for (String literal : List.of(
                "time[] {12:34:56.789123,NULL}",
                "timetz[] {12:34:56.789+03}",
                "timestamp[] {infinity,-infinity,2026-01-02 03:04:05.678901}",
                "timestamptz[] {infinity,2026-01-02 03:04:05.678901+00}",
                "date[] {infinity,2026-01-02,0044-03-15 BC}",
                "bit(4)[] {1010}",
                "numeric[] {NaN,1.50}",
                "interval[] {1 mon 2 days}",
                "text[] {{a,b},{NULL,\"c d\"}}")) {
            String type = literal.substring(0, literal.indexOf(' '));
            String text = literal.substring(literal.indexOf(' ') + 1);
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery("SELECT '" + text + "'::" + type);
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE item SET body = (?::" + type + ")::text WHERE id = 1")) {
                row.next();
                Array array = row.getArray(1);
                transcript.attempt("set " + type, () -> update.setArray(1, array));
                transcript.ask("write " + type, update::executeUpdate);
                try (ResultSet written = query.executeQuery("SELECT body FROM item WHERE id = 1")) {
                    transcript.rows(type, written);
                }
            }
            if (!autoCommit) {
                connection.commit();
            }
        }
    }

    private static void temporary(List<Case> cases, boolean autoCommit, boolean fails) {
        String name = "batch of a temporary table, autocommit " + autoCommit + (fails ? ", failing" : "");
        String second = fails ? "1" : "2";
        cases.add(same(name, (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMPORARY TABLE scratch (id SERIAL, n INT PRIMARY KEY)");
                connection.setAutoCommit(autoCommit);
                statement.addBatch("INSERT INTO scratch (n) VALUES (1)");
                statement.addBatch("UPDATE item SET qty = 9 WHERE id = 1");
                statement.addBatch("INSERT INTO scratch (n) VALUES (" + second + ")");
                transcript.ask("counts", statement::executeBatch);
            }
            end(connection, transcript, autoCommit);
        }));
        cases.add(same("prepared " + name, (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMPORARY TABLE scratch (id SERIAL, n INT PRIMARY KEY)");
            }
            connection.setAutoCommit(autoCommit);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO scratch (n) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (int n : new int[] {1, Integer.parseInt(second), 3}) {
                    insert.setInt(1, n);
                    insert.addBatch();
                }
                transcript.ask("counts", insert::executeBatch);
                transcript.attempt("keys", () -> transcript.rows("keys", insert.getGeneratedKeys()));
                transcript.attempt("rolled back", () -> rollBackFailed(connection, autoCommit, fails));
                insert.setInt(1, 4);
                transcript.ask("alone", insert::executeUpdate);
                if (!fails) {
                    // What the failure has used up of the sequence is each server's own
                    transcript.attempt("key", () -> transcript.rows("key", insert.getGeneratedKeys()));
                }
            }
            end(connection, transcript, autoCommit);
        }));
    }

    private static void rollBackFailed(Connection connection, boolean autoCommit, boolean fails) throws SQLException {
        if (!autoCommit && fails) {
            connection.rollback();
        }
    }

    private static void end(Connection connection, Transcript transcript, boolean autoCommit) throws SQLException {
        if (!autoCommit) {
            transcript.attempt("commit", connection::commit);
        }
        for (String query : List.of("SELECT n FROM scratch ORDER BY n", "SELECT id, qty FROM item ORDER BY id")) {
            transcript.attempt("query", () -> {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(query)) {
                    transcript.rows("rows", rows);
                }
            });
        }
    }

    private static @Nullable Object first(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? rows.getObject(1) : "no row";
        }
    }

    private static void cursor(Connection connection, Transcript transcript, Fixture fixture) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DECLARE c CURSOR FOR SELECT 1 UNION SELECT 2 ORDER BY 1");
            try (ResultSet row = statement.executeQuery("SELECT 'c'::refcursor AS rows, 3")) {
                row.next();
                transcript.see("a number", row.getObject(2));
                seeCursor(connection, transcript, (ResultSet) row.getObject("rows"));
                transcript.attempt("a cursor that is read", () -> row.getObject(1));
            }
        }
        connection.rollback();
    }

    private static void seeCursor(Connection connection, Transcript transcript, ResultSet cursor) throws SQLException {
        Statement made = cursor.getStatement();
        transcript.see("connection", made.getConnection() == connection);
        transcript.see("statement's own", cursor.getStatement() == made);
        while (cursor.next()) {
            transcript.see("row", cursor.getInt(1));
        }
        cursor.close();
        transcript.see("closed", cursor.isClosed());
        transcript.see("statement closed", made.isClosed());
        transcript.attempt("close statement", made::close);
        transcript.see("statement closed", made.isClosed());
        transcript.attempt("read on", cursor::next);
    }
}
