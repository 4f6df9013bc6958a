package io.dualwrite.contract;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.PooledConnection;

/**
 * What a pool does with the handles of one physical connection, and what JDBC wants it to see.
 *
 * @param differing the vendors whose own pooled connection shows something else
 */
record HandleCase(String name, List<String> expected, Set<String> differing, Body body) {

    interface Body {
        void run(PooledConnection pooled, Handles seen) throws SQLException;
    }

    @Override
    public String toString() {
        return name;
    }
}
