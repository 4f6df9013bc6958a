package io.dualwrite.model;

/** What a statement does about another session's row that is inserted and not yet committed. */
enum Visibility {
    /** PostgreSQL and H2: an UPDATE, DELETE or locking read does not see it, and goes on. */
    UNSEEN("PostgreSQL/H2"),
    /** MariaDB: it waits until the insert has ended. */
    WAITS("MariaDB");

    final String vendors;

    Visibility(String vendors) {
        this.vendors = vendors;
    }
}
