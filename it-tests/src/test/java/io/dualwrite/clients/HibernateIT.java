package io.dualwrite.clients;

import io.dualwrite.clients.library.Author;
import io.dualwrite.clients.library.Book;
import io.dualwrite.clients.library.Cover;
import io.dualwrite.clients.library.Library;
import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hibernate with its own pool; it finds its dialect by the metadata and validates its mappings against the tables. On H2 it makes
 * global temporary tables when it starts.
 */
class HibernateIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"h2, h2", "postgres, postgres"})
    void sessionFactory_walksTheLadderUpAndDown(String oldVendor, String newVendor) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            boolean lobs = migration.vendor(Side.OLD).equals("h2");
            migration.onBoth(
                    "CREATE SEQUENCE book_seq START WITH 1 INCREMENT BY 10",
                    "CREATE TABLE author (id {id}, name VARCHAR(80) NOT NULL, version INT NOT NULL)",
                    "CREATE TABLE book (id BIGINT PRIMARY KEY, title VARCHAR(80) NOT NULL, price DECIMAL(10,2) NOT NULL,"
                            + " version INT NOT NULL, author_id BIGINT NOT NULL, published TIMESTAMP(6),"
                            + " FOREIGN KEY (author_id) REFERENCES author (id))",
                    "CREATE TABLE book_tags (book_id BIGINT NOT NULL, tags VARCHAR(20) NOT NULL,"
                            + " PRIMARY KEY (book_id, tags), FOREIGN KEY (book_id) REFERENCES book (id))",
                    "CREATE TABLE cover (book_id BIGINT PRIMARY KEY, image {bytes} NOT NULL, blurb {text} NOT NULL,"
                            + " FOREIGN KEY (book_id) REFERENCES book (id))");
            Configuration configuration = new Configuration()
                    .addAnnotatedClass(Author.class)
                    .addAnnotatedClass(Book.class)
                    .setProperty("jakarta.persistence.jdbc.url", migration.url())
                    .setProperty("hibernate.connection.pool_size", "5")
                    .setProperty("hibernate.jdbc.batch_size", "10")
                    .setProperty("hibernate.order_inserts", "true")
                    .setProperty("hibernate.order_updates", "true")
                    .setProperty("hibernate.hbm2ddl.auto", "validate");
            if (lobs) {
                configuration.addAnnotatedClass(Cover.class);
            }
            try (SessionFactory sessions = configuration.buildSessionFactory()) {
                migration.walk(new Library(sessions, lobs));
            }
        }
    }
}
