package io.dualwrite.clients.library;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;

/** Large values, which Hibernate sends as streams. */
@Entity
public class Cover {
    @Id
    @Column(name = "book_id")
    Long book;

    @Lob
    byte[] image;

    @Lob
    String blurb;

    /** For Hibernate. */
    protected Cover() {}

    Cover(Long book, byte[] image, String blurb) {
        this.book = book;
        this.image = image;
        this.blurb = blurb;
    }
}
