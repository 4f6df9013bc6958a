package io.dualwrite.bench;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jol.info.GraphLayout;

/**
 * What a connection and a prepared statement of the application's take on the heap beyond the vendor's own: everything that can be
 * reached from many of them, less what can be reached from one, each. Over the stub, whose own objects are small and known.
 */
final class Memory {
    private static final int MANY = 1024;
    private static final int PARAMETERS = 16;
    private static final String VALUE = "a value";

    private Memory() {}

    /** Prints two numbers: bytes a connection and bytes a statement, in the phase that is the argument. */
    public static void main(String[] arguments) throws SQLException {
        Phase phase = Phase.of(Integer.parseInt(arguments[0]));
        Dualwrite.Opener opener = Dualwrite.withoutFleet(Database.STUB, phase);
        String url = Database.STUB.url(Side.OLD);
        double ours = each(opener::connect) - each(() -> DriverManager.getConnection(url));
        try (Connection connection = opener.connect()) {
            System.out.printf(Locale.ROOT, "%.1f %.1f%n", ours, each(() -> statement(connection)));
        }
    }

    private interface Maker {
        Object make() throws SQLException;
    }

    private static double each(Maker maker) throws SQLException {
        List<Object> made = new ArrayList<>();
        made.add(maker.make());
        long one = GraphLayout.parseInstance(made.toArray()).totalSize();
        while (made.size() <= MANY) {
            made.add(maker.make());
        }
        long all = GraphLayout.parseInstance(made.toArray()).totalSize();
        // The array that holds them is not a root's own
        return (double) (all - one) / MANY;
    }

    /** Prepared, all its parameters set, executed once, and still open; the stub gives out one statement for all. */
    private static Object statement(Connection connection) throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (int i = 1; i <= PARAMETERS; i += 2) {
            statement.setInt(i, i);
            statement.setString(i + 1, VALUE);
        }
        statement.executeUpdate();
        return statement;
    }
}
