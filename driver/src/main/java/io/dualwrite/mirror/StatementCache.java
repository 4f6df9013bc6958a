package io.dualwrite.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scrollable prepared statements of one connection, of texts that come again and again. For one thread at a time. */
final class StatementCache {
    private static final int MOST = 64;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

    StatementCache(Connection connection) {
        this.connection = connection;
    }

    /** The text's statement, kept for the next time; the one that was not used for longest makes room for it. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known != null && !known.isClosed()) {
            known.clearParameters();
            return known;
        }
        PreparedStatement made =
                connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        prepared.put(sql, made);
        if (prepared.size() > MOST) {
            PreparedStatement eldest =
                    prepared.remove(prepared.keySet().iterator().next());
            if (eldest != null) {
                eldest.close();
            }
        }
        return made;
    }

    /** Closes all that are kept. */
    void close() throws SQLException {
        List<PreparedStatement> kept = new ArrayList<>(prepared.values());
        prepared.clear();
        Faults.onEach(kept, PreparedStatement::close);
    }

    /** Takes the text's statement out: from now on its user closes it. */
    void remove(String sql) {
        prepared.remove(sql);
    }
}
