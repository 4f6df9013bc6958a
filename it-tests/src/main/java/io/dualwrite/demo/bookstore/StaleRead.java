package io.dualwrite.demo.bookstore;

import java.sql.SQLException;

/** A user did not see what the same instance had acknowledged to him, or saw it half. */
final class StaleRead extends SQLException {
    private static final long serialVersionUID = 1;

    StaleRead(String message) {
        super(message);
    }

    static void unless(boolean asExpected, String message) throws StaleRead {
        if (!asExpected) {
            throw new StaleRead(message);
        }
    }
}
