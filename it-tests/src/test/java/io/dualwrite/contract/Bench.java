package io.dualwrite.contract;

import static org.assertj.core.api.Assertions.fail;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirroring.TwoSides;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Two databases of one vendor and the instance between them. */
final class Bench {
    /** What a case tells shall not hang on how busy the machine is. */
    private static final Map<String, String> PATIENT =
            Map.of("ddl", "both", "mirror.open", "20 s", "mirror.budget", "20 s", "mirror.statement", "20 s");

    private final Fixture fixture;
    private final DatabaseServer server;
    private final TwoSides sides;
    private final Map<Side, Connection> bare = new EnumMap<>(Side.class);
    private boolean touched = true;

    Bench(String vendor) throws Exception {
        fixture = new Fixture(vendor);
        server = SharedServers.of(vendor);
        sides = new TwoSides(server, server, Fixture.TABLES, PATIENT);
        for (Side side : Side.values()) {
            Connection connection = sides.bare(side);
            sides.on(side, fixture.schema());
            sides.on(side, Dialects.of(connection).ownTables());
            bare.put(side, connection);
        }
    }

    void close() throws SQLException {
        for (Connection connection : bare.values()) {
            connection.close();
        }
        sides.close();
    }

    /** Fails where a rung differs from the bare driver, with what was seen first on each that does. */
    void judge(Case one) throws Exception {
        List<String> wrong = differences(one, List.of(Rung.values()));
        if (!wrong.isEmpty()) {
            fail(one.name() + "\n" + String.join("\n", wrong) + Shrinking.told(this, one, differingOn(wrong)));
        }
    }

    List<String> differences(Case one, List<Rung> rungs) throws Exception {
        Map<Side, List<String>> expected = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            reset(one);
            expected.put(side, observe(one, () -> open(side)).lines());
        }
        List<String> wrong = new ArrayList<>();
        for (Rung rung : rungs) {
            if (rung.dual() && one.dual() == Case.Dual.ONE_LEG) {
                continue;
            }
            reset(one);
            sides.standing.move(rung);
            Transcript seen = observe(one, sides::connect);
            sides.settle();
            if (seen.refused() && (rung.strict() && mayBeMarked(one) || one.dual() == Case.Dual.REFUSED)) {
                continue;
            }
            compare(rung, expected.get(rung.reads()), seen.lines(), wrong);
            if (rung.dual() && one.writes()) {
                compareSides(rung, one, wrong);
            }
        }
        touched = one.writes();
        return wrong;
    }

    private static List<Rung> differingOn(List<String> wrong) {
        for (Rung rung : Rung.values()) {
            if (wrong.get(0).startsWith(rung + ": ")) {
                return List.of(rung);
            }
        }
        return List.of(Rung.values());
    }

    Fixture fixture() {
        return fixture;
    }

    private boolean mayBeMarked(Case one) {
        return one.dual() == Case.Dual.MARKED || one.dual() == Case.Dual.MARKED_ON_MARIADB && fixture.isMariaDb();
    }

    private Connection open(Side side) throws SQLException {
        String url = side == Side.OLD ? sides.oldUrl() : sides.newUrl();
        return DriverManager.getConnection(url, server.user(), server.password());
    }

    private void reset(Case one) throws SQLException {
        if (touched || one.writes()) {
            for (Connection connection : bare.values()) {
                fixture.reset(connection);
            }
            touched = one.writes();
        }
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    private Transcript observe(Case one, Opening opening) throws SQLException {
        Transcript transcript = new Transcript();
        Connection connection = opening.open();
        try {
            one.body().run(connection, transcript, fixture);
        } catch (Exception failure) {
            transcript.failed("the case", failure);
        }
        try {
            end(connection);
        } catch (SQLException broken) {
            transcript.failed("the end", broken);
        }
        return transcript;
    }

    private static void end(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            connection.close();
        }
    }

    private static void compare(Rung rung, List<String> expected, List<String> seen, List<String> wrong) {
        for (int i = 0; i < Math.max(expected.size(), seen.size()); i++) {
            String one = i < expected.size() ? withoutSide(expected.get(i)) : "(no more)";
            String other = i < seen.size() ? withoutSide(seen.get(i)) : "(no more)";
            if (!one.equals(other)) {
                wrong.add(rung + ": bare saw  " + one + "\n" + rung + ": here saw  " + other);
                return;
            }
        }
    }

    /** What describes a result may come from either side, whose databases have names of their own here. */
    private static String withoutSide(String line) {
        return line.replaceAll("(?i)side(old|new)", "side");
    }

    private void compareSides(Rung rung, Case one, List<String> wrong) throws SQLException {
        List<String> differing = new ArrayList<>();
        for (String table : Fixture.TABLES.split(", ")) {
            String query = "SELECT * FROM " + table + " ORDER BY 1, 2";
            if (!sides.rows(Side.OLD, query).equals(sides.rows(Side.NEW, query))) {
                differing.add(table);
            }
        }
        Side authority = rung.authority();
        sides.marks.clear(authority, bare.get(authority));
        List<String> marks = sides.rows(authority, "SELECT table_name, row_key, reason FROM dualwrite_mark");
        for (Side side : Side.values()) {
            // The id of a mark that stays stays on the other side too, until repair.
            sides.on(side, List.of("DELETE FROM dualwrite_mark"));
        }
        if (mayBeMarked(one) && !marks.isEmpty()) {
            return;
        }
        if (!differing.isEmpty() || !marks.isEmpty()) {
            wrong.add(rung + ": the sides differ in " + differing + ", marks " + marks);
        }
    }
}
