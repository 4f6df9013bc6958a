package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The generators of one side's table that follow explicit values, and how far they have come (R24). Where both sides generate,
 * a row with a larger value that came from the other side would raise one into the other's values. Not thread-safe.
 */
public final class FollowingGenerators {
    private final Dialect dialect;
    private final Connection connection;
    private final List<Generator> generators = new ArrayList<>();
    private final List<Long> reached = new ArrayList<>();

    private FollowingGenerators(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    /** Those of the table on the connection's side. */
    public static FollowingGenerators of(Dialect dialect, Connection connection, TableShape table) throws SQLException {
        FollowingGenerators following = new FollowingGenerators(dialect, connection);
        for (Generator generator : dialect.generators(connection, table)) {
            if (generator.followsExplicitValues) {
                following.generators.add(generator);
                following.reached.add(dialect.reached(connection, generator));
            }
        }
        return following;
    }

    /** Whether inserting the row would raise one of them. */
    public boolean raisedBy(RowImage row) throws SQLException {
        for (int i = 0; i < generators.size(); i++) {
            Long value = value(row, generators.get(i).column);
            if (value != null && value > reached.get(i)) {
                reached.set(i, dialect.reached(connection, generators.get(i)));
                if (value > reached.get(i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Long value(RowImage row, @Nullable String column) {
        for (int i = 0; i < row.columns.size(); i++) {
            if (row.columns.get(i).name.equalsIgnoreCase(column) && row.values[i] instanceof Number) {
                return ((Number) row.values[i]).longValue();
            }
        }
        return null;
    }
}
