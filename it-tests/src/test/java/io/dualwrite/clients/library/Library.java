package io.dualwrite.clients.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.clients.Client;
import io.dualwrite.ladder.Rung;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;

/** What an application does with entities: cascades, dirty checking, versions, locks, bulk statements, large values. */
public final class Library implements Client {
    private static final int BOOKS = 12;

    private final SessionFactory sessions;
    private final boolean lobs;
    private int days;

    /** With or without large values: on PostgreSQL they are objects of their own beside the tables. */
    public Library(SessionFactory sessions, boolean lobs) {
        this.sessions = sessions;
        this.lobs = lobs;
    }

    @Override
    public void work(Rung rung) {
        days++;
        long author = publish("author on " + rung);
        rename(author);
        tellsStaleFromFresh(author);
        raisePrices(author);
        editBooks(author);
        rollBack(author);
        if (lobs) {
            illustrate(author);
        }
        lookBack();
    }

    private long publish(String name) {
        return sessions.fromTransaction(session -> {
            Author author = new Author(name);
            for (int i = 0; i < BOOKS; i++) {
                author.books.add(new Book(author, name + ", volume " + i, "10.00"));
            }
            session.persist(author);
            return author.id;
        });
    }

    private void rename(long id) {
        int before = sessions.fromTransaction(session -> {
            Author author = session.find(Author.class, id, LockModeType.PESSIMISTIC_WRITE);
            author.name = "renamed " + author.name;
            return author.version;
        });
        Author after = sessions.fromSession(session -> session.find(Author.class, id));
        assertThat(after.version).isEqualTo(before + 1);
        assertThat(after.name).startsWith("renamed");
    }

    private void tellsStaleFromFresh(long id) {
        try (Session late = sessions.openSession()) {
            Transaction transaction = late.beginTransaction();
            Author seen = late.find(Author.class, id);
            transaction.commit();
            rename(id);
            transaction = late.beginTransaction();
            seen.name = "lost";
            assertThatThrownBy(late::flush).isInstanceOf(OptimisticLockException.class);
            transaction.rollback();
        }
    }

    private void raisePrices(long author) {
        sessions.inTransaction(session -> {
            int raised = session.createMutationQuery(
                            "update versioned Book set price = price + :more where author.id = :author")
                    .setParameter("more", new BigDecimal("1.50"))
                    .setParameter("author", author)
                    .executeUpdate();
            assertThat(raised).isEqualTo(BOOKS);
        });
    }

    private void editBooks(long id) {
        sessions.inTransaction(session -> {
            Author author = session.find(Author.class, id);
            assertThat(author.books).hasSize(BOOKS);
            author.books.remove(0);
            author.books.forEach(book -> {
                assertThat(book.price).isEqualByComparingTo("11.50");
                book.title = book.title + ", revised";
                book.tags.remove("new");
                book.tags.add("used");
            });
        });
    }

    private void rollBack(long author) {
        try (Session session = sessions.openSession()) {
            Transaction transaction = session.beginTransaction();
            session.remove(session.find(Author.class, author));
            session.flush();
            transaction.rollback();
        }
    }

    private void illustrate(long id) {
        byte[] image = new byte[100_000];
        Arrays.fill(image, (byte) days);
        String blurb = "lesenswert, ".repeat(2_000);
        long book = sessions.fromTransaction(session -> {
            long first = session.find(Author.class, id).books.get(0).id;
            session.persist(new Cover(first, image, blurb));
            return first;
        });
        sessions.inTransaction(session -> {
            Cover cover = session.find(Cover.class, book);
            assertThat(cover.image).isEqualTo(image);
            cover.blurb = cover.blurb + "unbedingt";
        });
    }

    private void lookBack() {
        sessions.inSession(session -> {
            assertThat(count(session, "Author")).isEqualTo(days);
            assertThat(count(session, "Book")).isEqualTo(days * (BOOKS - 1L));
            assertThat(session.createNativeQuery("SELECT COUNT(*) FROM book_tags", Long.class)
                            .getSingleResult())
                    .isEqualTo(2L * days * (BOOKS - 1));
        });
    }

    private static long count(Session session, String entity) {
        return session.createSelectionQuery("select count(*) from " + entity, Long.class)
                .getSingleResult();
    }
}
