package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a walk does with a prepared statement, and what with its parameters. */
final class PreparedSteps {
    private static final String LOCKING = "SELECT id, name, price FROM item WHERE id < 4 ORDER BY id FOR UPDATE";

    private final Draw draw;
    private final Texts texts;
    private final StatementSteps statements;
    private final Parameter parameter;
    /** What kinds of values the statement of a name wants, one letter each. */
    private final Map<String, String> wanted = new HashMap<>();
    /** The names of statements that lock; called as an update, one is refused on old alone and fails its transaction. */
    private final Set<String> locking = new HashSet<>();

    /** @param kinds what its parameters want, one letter each as {@link Parameter} reads them */
    private record Text(String sql, String kinds) {}

    PreparedSteps(Draw draw, Texts texts, StatementSteps statements) {
        this.draw = draw;
        this.texts = texts;
        this.statements = statements;
        parameter = new Parameter(draw);
    }

    private Text text() {
        List<Text> all = new ArrayList<>(List.of(
                new Text("SELECT id, name FROM item WHERE qty > ? ORDER BY id", "i"),
                new Text(LOCKING, ""),
                new Text("SELECT code, label FROM code WHERE code = ?", "s"),
                new Text("UPDATE item SET name = ?, price = ? WHERE id = ?", "sni"),
                new Text("UPDATE item SET qty = qty + ? WHERE qty > ?", "ii"),
                new Text("UPDATE item SET weight = ?, active = ?, sold = ? WHERE id = ?", "fomi"),
                new Text("UPDATE item SET raw = ?, body = ? WHERE id < ?", "bti"),
                new Text("INSERT INTO item (name, price, made, body, raw) VALUES (?, ?, ?, ?, ?)", "sndtb"),
                new Text("INSERT INTO item (name, qty) VALUES (?, ?), (?, 3)", "sis"),
                new Text("INSERT INTO code (code, label) VALUES (?, ?)", "ss"),
                new Text("INSERT INTO tag (item_id, tag) VALUES (?, ?)", "is"),
                new Text("DELETE FROM tag WHERE item_id = ? AND tag = ?", "is"),
                new Text("DELETE FROM item WHERE id = ?", "i"),
                new Text("INSERT INTO nothing (id) VALUES (?)", "i"),
                new Text("UPDATE item SET qty = 5 WHERE id = 2", "")));
        if (draw.fixture().isPostgres()) {
            all.add(new Text("INSERT INTO item (name, qty) VALUES (?, ?) RETURNING id", "si"));
            all.add(new Text("UPDATE item SET price = ? WHERE id < ? RETURNING id, price", "ni"));
            all.add(new Text(
                    "INSERT INTO code (code, label) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET label = EXCLUDED.label",
                    "ss"));
        } else if (draw.fixture().isMariaDb()) {
            all.add(new Text("INSERT INTO item (name, qty) VALUES (?, ?) RETURNING id", "si"));
            all.add(new Text("INSERT IGNORE INTO code (code, label) VALUES (?, ?)", "ss"));
        } else {
            all.add(new Text("MERGE INTO code (code, label) KEY (code) VALUES (?, ?)", "ss"));
        }
        return draw.of(all);
    }

    private interface Making {
        PreparedStatement make(Connection connection) throws SQLException;
    }

    Step made(String name) {
        Text text = text();
        String sql = text.sql();
        wanted.put(name, text.kinds());
        locking.remove(name);
        if (sql.equals(LOCKING)) {
            locking.add(name);
        }
        // H2 asks for all parameters first, and here for the columns of keys: a table without that column is told of
        // too early
        boolean tellsTooEarly = draw.fixture().isH2() && draw.dual() && !sql.startsWith("INSERT INTO item");
        return switch (draw.below(tellsTooEarly ? 8 : 9)) {
            case 0, 1 -> making(name, sql, "RETURN", one -> one.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS));
            case 2 -> making(name, sql, "NO", one -> one.prepareStatement(sql, Statement.NO_GENERATED_KEYS));
            case 3 -> making(name, sql, "[1]", one -> one.prepareStatement(sql, new int[] {1}));
            case 8 -> making(name, sql, "[id]", one -> one.prepareStatement(sql, new String[] {"id"}));
            case 5 ->
                making(
                        name,
                        sql,
                        "scroll, read",
                        one -> one.prepareStatement(
                                sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY));
            case 6 ->
                making(
                        name,
                        sql,
                        "forward, update",
                        one -> one.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE));
            default -> making(name, sql, "", one -> one.prepareStatement(sql));
        };
    }

    private static Step making(String name, String sql, String form, Making making) {
        String text = name + " = prepareStatement(\"" + sql + "\"" + (form.isEmpty() ? "" : ", " + form) + ")";
        return new Step(text, walker -> walker.make(name, text, () -> making.make(walker.connection)));
    }

    private static Step step(String name, String call, Walker.OnStatement<PreparedStatement> question) {
        String text = name + "." + call;
        return new Step(text, walker -> walker.prepared(name, text, question));
    }

    Step on(String name) {
        int chance = draw.below(100);
        return chance < 40 ? set(name) : chance < 75 ? executing(name) : chance < 90 ? batching(name) : asking(name);
    }

    /** Mostly all of them as they are wanted, else one, which may be another's or none's. */
    private Step set(String name) {
        String kinds = wanted.getOrDefault(name, "");
        List<Parameter.Value> values = new ArrayList<>();
        if (draw.oneIn(3)) {
            int index = draw.below(kinds.length() + 2);
            boolean there = index > 0 && index <= kinds.length() && !draw.oneIn(6);
            values.add(parameter.value(index, there ? kinds.charAt(index - 1) : draw.of(Parameter.KINDS)));
        } else {
            for (int i = 1; i <= kinds.length(); i++) {
                values.add(parameter.value(i, kinds.charAt(i - 1)));
            }
        }
        return Parameter.step(name, values);
    }

    private static Step withParameters(String name, String call, Walker.OnStatement<PreparedStatement> question) {
        Step step = step(name, call, question);
        return new Step(
                step.text(),
                walker -> walker.withParameters(name, () -> step.action().take(walker)));
    }

    private Step executing(String name) {
        return switch (draw.below(draw.dual() && locking.contains(name) ? 4 : 9)) {
            case 0, 1 -> withParameters(name, "execute()", PreparedStatement::execute);
            case 4, 5, 6, 7 -> withParameters(name, "executeUpdate()", PreparedStatement::executeUpdate);
            case 8 -> withParameters(name, "executeLargeUpdate()", PreparedStatement::executeLargeUpdate);
            default -> {
                String result = draw.of(Grammar.RESULTS);
                String text = result + " = " + name + ".executeQuery()";
                yield new Step(
                        text,
                        walker -> walker.withParameters(
                                name,
                                () -> walker.rowsOf(name, result, text, statement -> ((PreparedStatement) statement)
                                        .executeQuery())));
            }
        };
    }

    private Step batching(String name) {
        return switch (draw.below(6)) {
            case 0 -> statements.executed(name, "executeBatch()", Statement::executeBatch);
            case 1 ->
                step(name, "clearParameters()", statement -> {
                    statement.clearParameters();
                    return null;
                });
            default ->
                withParameters(name, "addBatch()", statement -> {
                    statement.addBatch();
                    return null;
                });
        };
    }

    private Step asking(String name) {
        String sql = texts.query();
        return switch (draw.below(4)) {
            case 0 -> step(name, "execute(\"" + sql + "\")", statement -> statement.execute(sql));
            case 1 ->
                step(name, "getParameterMetaData()", one -> one.getParameterMetaData()
                        .getParameterCount());
            case 2 ->
                step(
                        name,
                        "getMetaData()",
                        one -> one.getMetaData() == null
                                ? null
                                : one.getMetaData().getColumnCount());
            default ->
                step(name, "clearParameters()", statement -> {
                    statement.clearParameters();
                    return null;
                });
        };
    }
}
