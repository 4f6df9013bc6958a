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

/** The shortest useful things that an application does, each on one connection in autocommit, as drivers give them out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class Statements {
    private static final int ROWS = 10_000;
    private static final String SELECT = "SELECT name FROM item WHERE id = ?";

    @Param
    public Contender contender;

    @Param
    public Database database;

    private Connection connection;
    private PreparedStatement select;
    private PreparedStatement update;
    private Statement statement;
    private String[] names;
    private String[] texts;
    private int id;

    @Setup
    public void open() throws SQLException, IOException {
        connection = contender.connect(database);
        statement = connection.createStatement();
        statement.execute("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)");
        statement.execute("INSERT INTO item SELECT x, 'item ' || x FROM SYSTEM_RANGE(0, " + (ROWS - 1) + ")");
        select = connection.prepareStatement(SELECT);
        update = connection.prepareStatement("UPDATE item SET name = ? WHERE id = ?");
        names = new String[ROWS];
        texts = new String[ROWS];
        for (int i = 0; i < ROWS; i++) {
            names[i] = "item no. " + i;
            texts[i] = "SELECT name FROM item WHERE id = " + i + " AND name <> 'nothing of " + i + "'";
        }
    }

    @TearDown
    public void close() throws SQLException {
        connection.close();
    }

    private int next() {
        int next = id + 1;
        id = next == ROWS ? 0 : next;
        return id;
    }

    /** A prepared select by key, its row read. */
    @Benchmark
    public String select() throws SQLException {
        return read(select);
    }

    private String read(PreparedStatement prepared) throws SQLException {
        prepared.setInt(1, next());
        try (ResultSet row = prepared.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** A prepared update by key. */
    @Benchmark
    public int update() throws SQLException {
        int key = next();
        update.setString(1, names[key]);
        update.setInt(2, key);
        return update.executeUpdate();
    }

    /** What an application without a statement cache does for each select: prepare, select, close. */
    @Benchmark
    public String prepare() throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(SELECT)) {
            return read(prepared);
        }
    }

    /** A select with its values written into it: 10,000 different texts, one after the other. */
    @Benchmark
    public String texts() throws SQLException {
        try (ResultSet row = statement.executeQuery(texts[next()])) {
            row.next();
            return row.getString(1);
        }
    }
}
