package io.dualwrite.clients.library;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Set;

/** Its key comes from a sequence of which Hibernate takes ten at a time. */
@Entity
public class Book {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "book_seq")
    @SequenceGenerator(name = "book_seq", sequenceName = "book_seq", allocationSize = 10)
    Long id;

    String title;
    BigDecimal price;
    LocalDateTime published;

    @Version
    int version;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Author author;

    @ElementCollection
    Set<String> tags = new HashSet<>();

    /** For Hibernate. */
    protected Book() {}

    Book(Author author, String title, String price) {
        this.author = author;
        this.title = title;
        this.price = new BigDecimal(price);
        published = LocalDateTime.of(2001, 2, 3, 4, 5, 6, 789_000_000);
        tags.add("new");
        tags.add("paper");
    }
}
