package io.dualwrite.demo.bookstore;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Titles with their authors and covers, and the shop's visit counters. */
final class Catalogue {
    private static final int REPRICE_ATTEMPTS = 10;

    private final Session session;
    private final String worker;
    private int published;

    Catalogue(Session session, String worker) {
        this.session = session;
        this.worker = worker;
    }

    /** Shows a title, its authors and its cover; autocommit. */
    void browse(Connection connection, Changes changes) throws SQLException {
        long title = session.title();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT t.name, t.price, a.name FROM title t JOIN title_author w ON w.title_id = t.id"
                        + " JOIN author a ON a.id = w.author_id WHERE t.id = ? ORDER BY w.place")) {
            select.setLong(1, title);
            try (ResultSet rows = select.executeQuery()) {
                StaleRead.unless(rows.next(), "title " + title + " was there and cannot be seen any more");
            }
        }
        if (session.random.nextInt(4) == 0) {
            try (PreparedStatement select = connection.prepareStatement("SELECT image FROM cover WHERE title_id = ?")) {
                select.setLong(1, title);
                try (ResultSet row = select.executeQuery()) {
                    StaleRead.unless(
                            row.next() && row.getBytes(1).length > 0, "title " + title + " has lost its cover");
                }
            }
        }
    }

    /** One visit more; autocommit, and the hottest rows of all. */
    void countVisit(Connection connection, Changes changes) throws SQLException {
        String counter = Session.COUNTERS.get(session.random.nextInt(Session.COUNTERS.size()));
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE visit_counter SET visits = visits + 1, updated_at = CURRENT_TIMESTAMP WHERE name = ?")) {
            update.setString(1, counter);
            StaleRead.unless(update.executeUpdate() == 1, "visit counter " + counter + " was not there");
        }
        changes.added("visit_counter", counter, "visits", 1);
    }

    /** A new title with its author, its place in the author's list and its cover. */
    void publish(Connection connection, Changes changes) throws SQLException {
        String isbn = worker + "-" + ++published;
        long author = insertAuthor(connection, "Author of " + isbn);
        String name = session.prose(60);
        BigDecimal price = BigDecimal.valueOf(500 + session.random.nextInt(4000), 2);
        long title;
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO title (isbn, name, genre, published, price, stock) VALUES (?, ?, ?, ?, ?, ?)",
                new String[] {"id"})) {
            insert.setString(1, isbn);
            insert.setString(2, name);
            insert.setString(3, Session.GENRES.get(session.random.nextInt(Session.GENRES.size())));
            insert.setDate(4, Date.valueOf(LocalDate.of(2020, 1, 1).plusDays(session.random.nextInt(2000))));
            insert.setBigDecimal(5, price);
            insert.setInt(6, 100);
            insert.executeUpdate();
            title = Keys.generated(insert);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO title_author (title_id, author_id, place) VALUES (?, ?, 1)")) {
            insert.setLong(1, title);
            insert.setLong(2, author);
            insert.executeUpdate();
        }
        byte[] picture = session.picture(4000);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO cover (title_id, image) VALUES (?, ?)")) {
            insert.setLong(1, title);
            insert.setBinaryStream(2, new ByteArrayInputStream(picture), picture.length);
            insert.executeUpdate();
        }
        changes.row("author", author, "name", "Author of " + isbn);
        changes.row("title", title, "isbn", isbn, "name", name);
        changes.row("title_author", title + "," + author, "place", 1);
        changes.row("cover", title, "image", picture, "version", 0);
        changes.then(() -> session.published(title));
    }

    private static long insertAuthor(Connection connection, String name) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO author (name) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, name);
            insert.executeUpdate();
            return Keys.generated(insert);
        }
    }

    /** A new cover for a title of this worker's. */
    void redraw(Connection connection, Changes changes) throws SQLException {
        if (session.ownTitles.isEmpty()) {
            publish(connection, changes);
            return;
        }
        int index = session.random.nextInt(session.ownTitles.size());
        long title = session.ownTitles.get(index);
        byte[] picture = session.picture(20_000);
        int version;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT version FROM cover WHERE title_id = ? FOR UPDATE")) {
            select.setLong(1, title);
            try (ResultSet row = select.executeQuery()) {
                StaleRead.unless(row.next(), "title " + title + " has lost its cover");
                version = row.getInt(1) + 1;
            }
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE cover SET image = ?, version = version + 1, updated_at = CURRENT_TIMESTAMP WHERE title_id = ?")) {
            update.setBytes(1, picture);
            update.setLong(2, title);
            update.executeUpdate();
        }
        changes.row("cover", title, "image", picture, "version", version);
    }

    /** Raises the prices of a genre: one update of many rows, chosen by a column that is no key. */
    void reprice(Connection connection, Changes changes) throws SQLException {
        String genre = Session.GENRES.get(session.random.nextInt(Session.GENRES.size()));
        for (int attempt = 1; ; attempt++) {
            Savepoint before = connection.setSavepoint();
            List<Long> titles = lockedTitles(connection, genre);
            int updated = raisePrices(connection, genre);
            if (updated == titles.size()) {
                for (long title : titles) {
                    changes.added("title", title, "price", new BigDecimal("0.01"), "version", 1);
                }
                return;
            }
            // A title published in between belongs to the update and not to the list: nobody can say which rows it hit.
            connection.rollback(before);
            if (attempt == REPRICE_ATTEMPTS) {
                throw new SQLException("titles of " + genre + " came in between", "40001");
            }
        }
    }

    private static List<Long> lockedTitles(Connection connection, String genre) throws SQLException {
        List<Long> titles = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM title WHERE genre = ? ORDER BY id FOR UPDATE")) {
            select.setString(1, genre);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    titles.add(rows.getLong(1));
                }
            }
        }
        return titles;
    }

    private static int raisePrices(Connection connection, String genre) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE title SET price = price + 0.01, version = version + 1,"
                        + " updated_at = CURRENT_TIMESTAMP WHERE genre = ?")) {
            update.setString(1, genre);
            return update.executeUpdate();
        }
    }
}
