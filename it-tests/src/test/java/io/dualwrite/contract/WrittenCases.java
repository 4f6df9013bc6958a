package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Cases written by hand, of what applications do every day. */
final class WrittenCases {
    private WrittenCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        WriteCases.addTo(cases);
        TransactionCases.addTo(cases);
        CursorCases.addTo(cases);
        ValueCases.addTo(cases);
        IdentityCases.addTo(cases);
        SessionCases.addTo(cases);
        return cases;
    }

    /** What the items hold now. */
    static void count(Transcript transcript, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, name, price, qty FROM item ORDER BY id")) {
            transcript.rows("items", rows);
        }
    }
}
