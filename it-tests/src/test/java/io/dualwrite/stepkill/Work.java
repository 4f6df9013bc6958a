package io.dualwrite.stepkill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/**
 * What the application does in one transaction or in two, to rows of its own: 1, 2 and 3 of its case, which are there before, and 5, 6 and 7,
 * which are not.
 */
enum Work {
    INSERT_ALONE(List.of("1|one|10", "2|two|20", "3|three|30", "5|five|50")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            update(connection, rows.insert(5, "five", 50));
        }
    },
    UPDATE_ALONE(List.of("1|one|11", "2|two|20", "3|three|30")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            update(connection, "UPDATE item SET amount = amount + 1 WHERE id = " + rows.id(1));
        }
    },
    DELETE_ALONE(List.of("1|one|10", "3|three|30")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            update(connection, "DELETE FROM item WHERE id = " + rows.id(2));
        }
    },
    MANY_ROWS_ALONE(List.of("1|one|11", "2|two|21", "3|three|31")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            update(connection, "UPDATE item SET amount = amount + 1 WHERE grp = " + rows.group());
        }
    },
    TRANSACTION(List.of("1|one|12", "3|three|31", "5|five|51")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            update(connection, rows.insert(5, "five", 50));
            update(connection, "UPDATE item SET amount = amount + 1 WHERE id = " + rows.id(1));
            update(connection, "DELETE FROM item WHERE id = " + rows.id(2));
            update(connection, "UPDATE item SET amount = amount + 1 WHERE grp = " + rows.group());
            connection.commit();
        }
    },
    SAVEPOINT(List.of("1|one|11", "2|two|20", "6|six|60")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            update(connection, "UPDATE item SET amount = amount + 1 WHERE id = " + rows.id(1));
            Savepoint savepoint = connection.setSavepoint();
            update(connection, rows.insert(5, "five", 50));
            update(connection, "DELETE FROM item WHERE id = " + rows.id(2));
            connection.rollback(savepoint);
            update(connection, "DELETE FROM item WHERE id = " + rows.id(3));
            Savepoint another = connection.setSavepoint("another");
            update(connection, rows.insert(6, "six", 60));
            connection.releaseSavepoint(another);
            connection.commit();
        }
    },
    ROLLBACK(List.of("1|one|10", "2|two|20", "3|three|30")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            update(connection, rows.insert(5, "five", 50));
            update(connection, "DELETE FROM item WHERE id = " + rows.id(1));
            think.run();
            connection.rollback();
        }
    },
    BATCH(List.of("1|one|10", "2|two|20", "3|three|30", "5|n|1", "6|n|2", "7|n|3")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO item (id, grp, name, amount) VALUES (?, ?, ?, ?)")) {
                for (int i = 0; i < 3; i++) {
                    insert.setInt(1, rows.id(5 + i));
                    insert.setInt(2, rows.group());
                    insert.setString(3, "n");
                    insert.setInt(4, 1 + i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    },
    /** Without a thought in between: what nobody waited for at the end of the one may go along with the other. */
    ONE_AFTER_THE_OTHER(List.of("1|one|11", "2|two|20", "3|three|30"), List.of("1|one|11", "2|two|20", "3|three|31")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            update(connection, "UPDATE item SET amount = amount + 1 WHERE id = " + rows.id(1));
            connection.commit();
            try {
                update(connection, "UPDATE item SET amount = amount + 1 WHERE id = " + rows.id(3));
                connection.commit();
            } catch (SQLException e) {
                throw new SQLException(e.getMessage(), Outcome.OF_THE_SECOND + e.getSQLState(), e);
            }
        }
    },
    LOCK_AND_WRITE(List.of("1|one|110", "2|two|20", "3|three|30")) {
        @Override
        void run(Connection connection, Rows rows, Runnable think) throws SQLException {
            connection.setAutoCommit(false);
            int amount;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT amount FROM item WHERE id = " + rows.id(1) + " FOR UPDATE")) {
                row.next();
                amount = row.getInt(1);
            }
            update(connection, "UPDATE item SET amount = " + (amount + 100) + " WHERE id = " + rows.id(1));
            connection.commit();
        }
    };

    /** The rows of a case before its work: number in the case, name, amount. */
    static final List<String> BEFORE = List.of("1|one|10", "2|two|20", "3|three|30");

    private final List<String> between;
    private final List<String> after;

    Work(List<String> after) {
        this(List.of(), after);
    }

    /** @param between the rows after the first of two transactions; none where there is but one */
    Work(List<String> between, List<String> after) {
        this.between = between;
        this.after = after;
    }

    /** The rows after the first of two transactions; none where there is but one. */
    List<String> between() {
        return between;
    }

    /** The rows of a case after its work, where it was not undone. */
    List<String> after() {
        return after;
    }

    /**
     * Does the work.
     *
     * @param think takes as long as the mirror needs to catch up: a rollback drops what it has not begun
     */
    abstract void run(Connection connection, Rows rows, Runnable think) throws SQLException;

    private static void update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Where a case has its rows. Between the rows of two cases stand others, so that no gap lock reaches from one into the next. */
    record Rows(int number) {
        static final int IDS = 100;
        static final int GROUPS = 10;

        int id(int inCase) {
            return number * IDS + inCase;
        }

        int group() {
            return number * GROUPS;
        }

        String insert(int inCase, String name, int amount) {
            return "INSERT INTO item (id, grp, name, amount) VALUES (" + id(inCase) + ", " + group() + ", '" + name
                    + "', " + amount + ")";
        }
    }
}
