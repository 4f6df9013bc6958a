package io.dualwrite.contract;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a walk does with rows that it has in hand. */
final class ResultSteps {
    private final Draw draw;

    ResultSteps(Draw draw) {
        this.draw = draw;
    }

    private static Step step(String name, String call, Walker.OnResult question) {
        String text = name + "." + call;
        return new Step(text, walker -> walker.result(name, text, question));
    }

    private interface Doing {
        void on(ResultSet rows) throws Exception;
    }

    private static Step doing(String name, String call, Doing doing) {
        return step(name, call, rows -> {
            doing.on(rows);
            return null;
        });
    }

    Step on(String name) {
        int chance = draw.below(100);
        return chance < 35 ? moving(name) : chance < 65 ? reading(name) : chance < 80 ? asking(name) : changing(name);
    }

    private Step moving(String name) {
        int row = draw.below(7) - 2;
        return switch (draw.below(12)) {
            case 0, 1, 2, 3 -> step(name, "next()", ResultSet::next);
            case 4 -> step(name, "previous()", ResultSet::previous);
            case 5 -> step(name, "first()", ResultSet::first);
            case 6 -> step(name, "last()", ResultSet::last);
            case 7 -> step(name, "absolute(" + row + ")", rows -> rows.absolute(row));
            case 8 -> step(name, "relative(" + row + ")", rows -> rows.relative(row));
            case 9 -> doing(name, "beforeFirst()", ResultSet::beforeFirst);
            case 10 -> doing(name, "afterLast()", ResultSet::afterLast);
            default -> {
                String text = name + ".next() to the end";
                yield new Step(
                        text,
                        walker -> walker.result(name, text, rows -> {
                            walker.transcript.rows(name, rows);
                            return null;
                        }));
            }
        };
    }

    private Step reading(String name) {
        int column = draw.below(6);
        String label = draw.either("id", "NAME", "qty", "code", "nowhere");
        return switch (draw.below(11)) {
            case 0, 1 -> step(name, "getString(" + column + ")", rows -> rows.getString(column));
            case 2 -> step(name, "getObject(" + column + ")", rows -> rows.getObject(column));
            case 3 -> step(name, "getInt(" + column + ")", rows -> rows.getInt(column));
            case 4 -> step(name, "getLong(\"" + label + "\")", rows -> rows.getLong(label));
            case 5 -> step(name, "getString(\"" + label + "\")", rows -> rows.getString(label));
            case 6 -> step(name, "getBigDecimal(" + column + ")", rows -> rows.getBigDecimal(column));
            case 7 -> step(name, "getObject(" + column + ", String)", rows -> rows.getObject(column, String.class));
            case 8 -> step(name, "getBytes(" + column + ")", rows -> rows.getBytes(column));
            case 9 -> step(name, "getBinaryStream(" + column + ")", rows -> rows.getBinaryStream(column));
            default -> step(name, "wasNull()", ResultSet::wasNull);
        };
    }

    private Step asking(String name) {
        return switch (draw.below(14)) {
            case 0 -> step(name, "getRow()", ResultSet::getRow);
            case 1 -> step(name, "isBeforeFirst()", ResultSet::isBeforeFirst);
            case 2 -> step(name, "isAfterLast()", ResultSet::isAfterLast);
            case 3 -> step(name, "isFirst()", ResultSet::isFirst);
            case 4 -> step(name, "isLast()", ResultSet::isLast);
            case 5 -> step(name, "isClosed()", ResultSet::isClosed);
            case 6, 7 -> doing(name, "close()", ResultSet::close);
            case 8 ->
                step(
                        name,
                        "getStatement().isClosed()",
                        rows -> rows.getStatement() == null
                                ? "no statement"
                                : rows.getStatement().isClosed());
            case 9 -> step(name, "getMetaData()", rows -> columns(rows.getMetaData()));
            case 10 -> step(name, "findColumn(\"name\")", rows -> rows.findColumn("name"));
            case 11 -> doing(name, "setFetchSize(2)", rows -> rows.setFetchSize(2));
            case 12 -> step(name, "getCursorName()", ResultSet::getCursorName);
            default ->
                step(
                        name,
                        "get...()",
                        rows -> List.of(
                                rows.getType(), rows.getConcurrency(), rows.getHoldability(), rows.getFetchSize()));
        };
    }

    private static Object columns(ResultSetMetaData columns) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            texts.add(String.join(
                    " ",
                    columns.getColumnLabel(i),
                    columns.getColumnName(i),
                    columns.getTableName(i),
                    columns.getColumnTypeName(i),
                    columns.getColumnClassName(i),
                    Integer.toString(columns.getPrecision(i)),
                    Integer.toString(columns.getScale(i)),
                    Integer.toString(columns.isNullable(i)),
                    Boolean.toString(columns.isAutoIncrement(i))));
        }
        return texts;
    }

    /** Only on one leg where the vendor would write: README names what is refused on two. */
    private Step changing(String name) {
        int column = 1 + draw.below(3);
        switch (draw.below(draw.alone() ? 9 : 5)) {
            case 0:
                return step(name, "rowUpdated()", ResultSet::rowUpdated);
            case 1:
                return doing(name, "updateString(" + column + ")", rows -> rows.updateString(column, "updated"));
            case 2:
                return doing(name, "cancelRowUpdates()", ResultSet::cancelRowUpdates);
            case 3:
                return doing(name, "moveToInsertRow()", ResultSet::moveToInsertRow);
            case 4:
                return doing(name, "moveToCurrentRow()", ResultSet::moveToCurrentRow);
            case 5:
                return doing(name, "updateInt(" + column + ", 5)", rows -> rows.updateInt(column, 5));
            case 6:
                return doing(name, "updateRow()", ResultSet::updateRow);
            case 7:
                return doing(name, "insertRow()", ResultSet::insertRow);
            default:
                return doing(name, "deleteRow()", ResultSet::deleteRow);
        }
    }
}
