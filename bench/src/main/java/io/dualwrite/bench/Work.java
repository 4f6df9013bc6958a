package io.dualwrite.bench;

import java.sql.SQLException;

/** What is done again and again. */
enum Work {
    /** Three writes and a commit. */
    TRANSACTION("three writes", false) {
        @Override
        void run(Client client, int row) throws SQLException {
            for (int i = 0; i < 3; i++) {
                client.write(row + i);
            }
            client.commit();
        }
    },
    /** One write that commits itself. */
    STATEMENT("one write", true) {
        @Override
        void run(Client client, int row) throws SQLException {
            client.write(row);
        }
    };

    /** The name in reports. */
    final String word;

    final boolean autoCommit;

    Work(String word, boolean autoCommit) {
        this.word = word;
        this.autoCommit = autoCommit;
    }

    /** Does it once, with the row and those after it. */
    abstract void run(Client client, int row) throws SQLException;
}
