package io.dualwrite.contract;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cases made from the interfaces themselves: each method asked where all is well, and again after the close. */
final class ReflectedCases {
    private static final String COLUMNS =
            "SELECT id, name, price, qty, weight, active, made, sold, body, raw FROM item";

    /** Not asked of a connection that is open: they change what the fixture needs, or would wait. */
    private static final Set<String> CONNECTION_CHANGERS =
            Set.of("close", "setCatalog", "setSchema", "setClientInfo", "setTypeMap", "commit", "rollback");

    private ReflectedCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        metaData(cases);
        connection(cases);
        statement(cases);
        preparedStatement(cases);
        resultSet(cases);
        return cases;
    }

    private static void metaData(List<Case> cases) {
        for (Method method : Calls.of(DatabaseMetaData.class)) {
            if (method.getParameterCount() == 0 && method.getReturnType() != ResultSet.class) {
                cases.add(Case.reading("DatabaseMetaData." + Calls.name(method), (connection, transcript, fixture) -> {
                    DatabaseMetaData metaData = connection.getMetaData();
                    transcript.ask(method.getName(), () -> method.invoke(metaData));
                }));
            } else if (method.getReturnType() == ResultSet.class && method.getParameterCount() == 0) {
                cases.add(Case.reading("DatabaseMetaData." + Calls.name(method), (connection, transcript, fixture) -> {
                    DatabaseMetaData metaData = connection.getMetaData();
                    transcript.attempt(method.getName(), () -> {
                        try (ResultSet rows = (ResultSet) method.invoke(metaData)) {
                            transcript.see("statement of it", rows.getStatement() == null);
                            transcript.rows(method.getName(), rows);
                        }
                    });
                }));
            }
        }
        for (Method method : Calls.of(ResultSetMetaData.class)) {
            cases.add(Case.reading("ResultSetMetaData." + Calls.name(method), (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(COLUMNS)) {
                    ResultSetMetaData metaData = rows.getMetaData();
                    for (int i = 0; i <= 11; i++) {
                        int column = i;
                        transcript.ask(
                                method.getName() + i,
                                () -> method.getParameterCount() == 0
                                        ? method.invoke(metaData)
                                        : method.invoke(metaData, column));
                    }
                }
            }));
            cases.add(Case.reading(
                    "PreparedStatement.getMetaData()." + Calls.name(method), (connection, transcript, fixture) -> {
                        try (PreparedStatement statement = connection.prepareStatement(COLUMNS + " WHERE id = ?")) {
                            ResultSetMetaData metaData = statement.getMetaData();
                            transcript.see("there", metaData != null);
                            if (metaData != null) {
                                transcript.ask(
                                        method.getName(),
                                        () -> method.getParameterCount() == 0
                                                ? method.invoke(metaData)
                                                : method.invoke(metaData, 2));
                            }
                        }
                    }));
        }
        for (Method method : Calls.of(ParameterMetaData.class)) {
            cases.add(Case.reading("ParameterMetaData." + Calls.name(method), (connection, transcript, fixture) -> {
                try (PreparedStatement statement =
                        connection.prepareStatement("UPDATE item SET name = ?, price = ? WHERE id = ?")) {
                    ParameterMetaData metaData = statement.getParameterMetaData();
                    for (int i = 0; i <= 4; i++) {
                        int parameter = i;
                        transcript.ask(
                                method.getName() + i,
                                () -> method.getParameterCount() == 0
                                        ? method.invoke(metaData)
                                        : method.invoke(metaData, parameter));
                    }
                }
            }));
        }
    }

    private static void connection(List<Case> cases) {
        for (Method method : Calls.of(Connection.class)) {
            if (!CONNECTION_CHANGERS.contains(method.getName())) {
                cases.add(Case.reading("Connection." + Calls.name(method), (connection, transcript, fixture) -> {
                    Object[] arguments = Calls.arguments(method, "SELECT 1");
                    transcript.ask(method.getName(), () -> method.invoke(connection, arguments));
                }));
            }
            cases.add(Case.reading("closed Connection." + Calls.name(method), (connection, transcript, fixture) -> {
                connection.close();
                Object[] arguments = Calls.arguments(method, "SELECT 1");
                transcript.ask(method.getName(), () -> method.invoke(connection, arguments));
            }));
        }
    }

    private static void statement(List<Case> cases) {
        for (Method method : Calls.of(Statement.class)) {
            cases.add(Case.reading("Statement." + Calls.name(method), (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    Object[] arguments = Calls.arguments(method, "SELECT 1");
                    transcript.ask(method.getName(), () -> method.invoke(statement, arguments));
                }
            }));
            cases.add(Case.reading(
                    "Statement." + Calls.name(method) + " after a query", (connection, transcript, fixture) -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("SELECT id FROM item ORDER BY id");
                            Object[] arguments = Calls.arguments(method, "SELECT id FROM code");
                            transcript.ask(method.getName(), () -> method.invoke(statement, arguments));
                            transcript.ask("count then", statement::getUpdateCount);
                            transcript.ask("closed", statement::isClosed);
                        }
                    }));
            cases.add(Case.reading("closed Statement." + Calls.name(method), (connection, transcript, fixture) -> {
                Statement statement = connection.createStatement();
                statement.close();
                Object[] arguments = Calls.arguments(method, "SELECT 1");
                transcript.ask(method.getName(), () -> method.invoke(statement, arguments));
            }));
        }
    }

    private static void preparedStatement(List<Case> cases) {
        for (Method method : Calls.of(PreparedStatement.class)) {
            if (method.getDeclaringClass() != PreparedStatement.class) {
                continue;
            }
            cases.add(Case.reading("PreparedStatement." + Calls.name(method), (connection, transcript, fixture) -> {
                try (PreparedStatement statement =
                        connection.prepareStatement("SELECT name FROM item WHERE name = ?")) {
                    Object[] arguments = Calls.arguments(method, "item 1");
                    transcript.ask(method.getName(), () -> method.invoke(statement, arguments));
                }
            }));
            cases.add(Case.reading(
                    "closed PreparedStatement." + Calls.name(method), (connection, transcript, fixture) -> {
                        PreparedStatement statement = connection.prepareStatement("SELECT name FROM item WHERE id = ?");
                        statement.close();
                        Object[] arguments = Calls.arguments(method, "1");
                        transcript.ask(method.getName(), () -> method.invoke(statement, arguments));
                    }));
        }
    }

    private static void resultSet(List<Case> cases) {
        for (Method method : Calls.of(ResultSet.class)) {
            if (method.getName().startsWith("get")
                    && method.getParameterCount() > 0
                    && method.getParameterTypes()[0] == int.class) {
                cases.add(Case.reading("ResultSet." + Calls.name(method), (connection, transcript, fixture) -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery(COLUMNS + " WHERE id IN (2, 3, 4) ORDER BY id")) {
                        while (rows.next()) {
                            for (int i = 1; i <= 10; i++) {
                                Object[] arguments = Calls.arguments(method, "1");
                                arguments[0] = i;
                                transcript.ask(method.getName() + i, () -> method.invoke(rows, arguments));
                                transcript.ask("was null", rows::wasNull);
                            }
                        }
                    }
                }));
            } else {
                cases.add(Case.reading("ResultSet." + Calls.name(method), (connection, transcript, fixture) -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery(COLUMNS + " ORDER BY id")) {
                        rows.next();
                        Object[] arguments = Calls.arguments(method, "name");
                        transcript.ask(method.getName(), () -> method.invoke(rows, arguments));
                    }
                }));
            }
            cases.add(Case.reading("closed ResultSet." + Calls.name(method), (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    ResultSet rows = statement.executeQuery(COLUMNS + " ORDER BY id");
                    rows.next();
                    rows.close();
                    Object[] arguments = Calls.arguments(method, "name");
                    transcript.ask(method.getName(), () -> method.invoke(rows, arguments));
                }
            }));
        }
    }
}
