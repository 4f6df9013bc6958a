package io.dualwrite.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A prepared SELECT by key, its row read: the shortest useful thing that an application does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class PreparedSelect {

    private static final int ROWS = 1000;

    @Param
    public Contender contender;

    private Connection connection;
    private PreparedStatement select;
    private int id;

    @Setup
    public void open() throws SQLException, IOException {
        connection = contender.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)");
            statement.execute("INSERT INTO item SELECT x, 'item ' || x FROM SYSTEM_RANGE(0, " + (ROWS - 1) + ")");
        }
        select = connection.prepareStatement("SELECT name FROM item WHERE id = ?");
    }

    @TearDown
    public void close() throws SQLException {
        select.close();
        connection.close();
    }

    @Benchmark
    public String byKey() throws SQLException {
        id = (id + 1) % ROWS;
        select.setInt(1, id);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}
