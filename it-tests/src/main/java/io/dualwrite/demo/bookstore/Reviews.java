package io.dualwrite.demo.bookstore;

import io.dualwrite.demo.bookstore.Session.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** What customers think of titles, in long texts. */
final class Reviews {
    private final Session session;

    Reviews(Session session) {
        this.session = session;
    }

    /** A new review; autocommit, one write. */
    void write(Connection connection, Changes changes) throws SQLException {
        long customer = session.customer();
        int stars = 1 + session.random.nextInt(5);
        String body = session.random.nextInt(10) == 0 ? null : session.prose(2000);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO review (title_id, customer_id, stars, body) VALUES (?, ?, ?, ?)",
                Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, session.title());
            insert.setLong(2, customer);
            insert.setInt(3, stars);
            insert.setString(4, body);
            insert.executeUpdate();
            long id = Keys.generated(insert);
            changes.row("review", id, "customer_id", customer, "stars", stars, "body", body, "version", 0);
            changes.then(() -> session.written(new Written(id, customer, stars, 0)));
        }
    }

    /** Changes a review; optimistic, by its version. */
    void edit(Connection connection, Changes changes) throws SQLException {
        Written review = session.reviews.peekFirst();
        if (review == null) {
            write(connection, changes);
            return;
        }
        int stars = 1 + session.random.nextInt(5);
        String body = session.prose(500);
        try (PreparedStatement update = connection.prepareStatement("UPDATE review SET stars = ?, body = ?,"
                + " version = version + 1, updated_at = CURRENT_TIMESTAMP WHERE id = ? AND version = ?")) {
            update.setInt(1, stars);
            update.setString(2, body);
            update.setLong(3, review.id());
            update.setInt(4, review.version());
            StaleRead.unless(
                    update.executeUpdate() == 1,
                    "review " + review.id() + " had version " + review.version() + " and was not updated");
        }
        int version = review.version() + 1;
        changes.row(
                "review",
                review.id(),
                "customer_id",
                review.customer(),
                "stars",
                stars,
                "body",
                body,
                "version",
                version);
        changes.then(() -> {
            session.reviews.removeFirst();
            session.written(new Written(review.id(), review.customer(), stars, version));
        });
    }

    /** Deletes the customer's bad reviews of this session, however many they are. */
    void purge(Connection connection, Changes changes) throws SQLException {
        Written bad = session.reviews.peekLast();
        if (bad == null) {
            write(connection, changes);
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM review WHERE customer_id = ? AND id = ? AND stars <= 5")) {
            delete.setLong(1, bad.customer());
            delete.setLong(2, bad.id());
            StaleRead.unless(delete.executeUpdate() == 1, "review " + bad.id() + " was there and was not deleted");
        }
        changes.deleted("review", bad.id());
        changes.then(session.reviews::removeLast);
    }
}
