package io.dualwrite.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The rows that the bookstore has before the demo's first request: some thousands. */
final class FirstDay {
    private static final int AUTHORS = 150;
    private static final int TITLES = 300;
    private static final int CUSTOMERS = 900;
    private static final int ORDERS = 1200;
    private static final String[] GENRES = {"novel", "poetry", "history", "science", "travel", "cooking", "art", "law"};

    /** Sets the parameters of the row with this index. */
    private interface Filler {
        void fill(PreparedStatement insert, int index) throws SQLException;
    }

    private final Connection connection;
    private final Random random;

    FirstDay(Connection connection, long seed) {
        this.connection = connection;
        this.random = new Random(seed);
    }

    /** Writes them in one transaction. */
    void write() throws SQLException {
        connection.setAutoCommit(false);
        people();
        titles();
        List<Long> titles = ids("title");
        List<Long> customers = ids("customer");
        orders(titles, customers);
        insert(
                "INSERT INTO visit_counter (name) VALUES (?)",
                4,
                (row, i) -> row.setString(
                        1, List.of("home", "search", "basket", "help").get(i)));
        insert("INSERT INTO cart_item (customer_id, title_id, quantity) VALUES (?, ?, ?)", CUSTOMERS / 2, (row, i) -> {
            row.setLong(1, customers.get(i));
            row.setLong(2, titles.get(i % TITLES));
            row.setInt(3, 1 + i % 3);
        });
        insert("INSERT INTO review (title_id, customer_id, stars, body) VALUES (?, ?, ?, ?)", 300, (row, i) -> {
            row.setLong(1, titles.get(i % TITLES));
            row.setLong(2, customers.get(i * 3 % CUSTOMERS));
            row.setInt(3, 1 + i % 5);
            row.setString(4, i % 10 == 0 ? null : "Læs den, lies es, 讀它. ".repeat(1 + i % 40));
        });
        connection.commit();
    }

    private void people() throws SQLException {
        insert("INSERT INTO author (name) VALUES (?)", AUTHORS, (row, i) -> row.setString(1, "Author " + i + " Ø."));
        insert("INSERT INTO customer (email, name, balance) VALUES (?, ?, ?)", CUSTOMERS, (row, i) -> {
            row.setString(1, "customer" + i + "@example.org");
            row.setString(2, "Customer " + i);
            row.setBigDecimal(3, new BigDecimal("10000.00"));
        });
    }

    private void titles() throws SQLException {
        insert(
                "INSERT INTO title (isbn, name, genre, published, price, stock) VALUES (?, ?, ?, ?, ?, ?)",
                TITLES,
                (row, i) -> {
                    row.setString(1, "isbn-" + i);
                    row.setString(2, "Title " + i + " — an Übersicht");
                    row.setString(3, GENRES[i % GENRES.length]);
                    row.setDate(
                            4,
                            i % 20 == 0
                                    ? null
                                    : Date.valueOf(LocalDate.of(1950, 1, 1).plusDays(i * 37L)));
                    row.setBigDecimal(5, BigDecimal.valueOf(500 + random.nextInt(4000), 2));
                    row.setInt(6, 5000);
                });
        List<Long> titles = ids("title");
        List<Long> authors = ids("author");
        insert("INSERT INTO title_author (title_id, author_id, place) VALUES (?, ?, ?)", TITLES, (row, i) -> {
            row.setLong(1, titles.get(i));
            row.setLong(2, authors.get(i % AUTHORS));
            row.setInt(3, 1);
        });
        insert("INSERT INTO cover (title_id, image) VALUES (?, ?)", TITLES, (row, i) -> {
            byte[] image = new byte[200 + random.nextInt(3000)];
            random.nextBytes(image);
            row.setLong(1, titles.get(i));
            row.setBytes(2, image);
        });
    }

    private void orders(List<Long> titles, List<Long> customers) throws SQLException {
        insert("INSERT INTO orders (customer_id, state, paid, total) VALUES (?, ?, ?, ?)", ORDERS, (row, i) -> {
            row.setLong(1, customers.get(i % CUSTOMERS));
            row.setString(2, i % 4 == 0 ? "OPEN" : "PAID");
            row.setBoolean(3, i % 4 != 0);
            row.setBigDecimal(4, new BigDecimal("20.00"));
        });
        List<Long> orders = ids("orders");
        insert(
                "INSERT INTO order_line (order_id, line_no, title_id, quantity, price) VALUES (?, ?, ?, ?, ?)",
                ORDERS * 2,
                (row, i) -> {
                    row.setLong(1, orders.get(i / 2));
                    row.setInt(2, 1 + i % 2);
                    row.setLong(3, titles.get(i % TITLES));
                    row.setInt(4, 1);
                    row.setBigDecimal(5, new BigDecimal("10.00"));
                });
        insert("INSERT INTO invoice (order_id, amount) VALUES (?, ?)", ORDERS, (row, i) -> {
            row.setLong(1, orders.get(i));
            row.setBigDecimal(2, new BigDecimal("20.00"));
        });
    }

    private void insert(String sql, int rows, Filler filler) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int i = 0; i < rows; i++) {
                filler.fill(insert, i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private List<Long> ids(String table) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM " + table + " ORDER BY id")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }
}
