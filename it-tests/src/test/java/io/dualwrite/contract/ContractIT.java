package io.dualwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirroring.TwoSides;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The application cannot tell the wrapper from the bare driver: on every rung a case observes what it observed on the bare
 * driver of the side that is read, and on dual rungs both sides hold the same afterwards.
 *
 * <p>{@code mvn verify} takes a third of the cases, {@code -Pproof} all. {@code -Dcontract.share=N} takes one in N, drawn by
 * {@code -Dcontract.seed}; {@code -Dcontract.only=TEXT} those whose names contain the text.
 */
class ContractIT {
    private static final int SHARE = Integer.getInteger("contract.share", 3);
    private static final long SEED = Long.getLong("contract.seed", 1);
    private static final String ONLY = System.getProperty("contract.only", "");
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<Bench> OPEN = new ArrayList<>();

    /** What a case tells shall not hang on how busy the machine is. */
    private static final Map<String, String> PATIENT =
            Map.of("ddl", "both", "mirror.open", "20 s", "mirror.budget", "20 s", "mirror.statement", "20 s");

    @TestFactory
    Stream<DynamicNode> everyVendor() {
        return DatabaseServers.VENDORS.stream()
                .map(vendor -> DynamicContainer.dynamicContainer(vendor, chosen().map(one -> test(vendor, one))));
    }

    private static Stream<Case> chosen() {
        List<Case> all = new ArrayList<>(ReflectedCases.all());
        all.addAll(WrittenCases.all());
        all.addAll(PostgresCases.all());
        all.addAll(CornerCases.all());
        Random random = new Random(SEED);
        return all.stream().filter(one -> random.nextInt(SHARE) == 0).filter(one -> one.name()
                .contains(ONLY));
    }

    private static DynamicTest test(String vendor, Case one) {
        return DynamicTest.dynamicTest(
                one.name() + " (seed " + SEED + ")",
                () -> assertTimeoutPreemptively(LONGEST, () -> Bench.of(vendor).judge(one)));
    }

    @AfterAll
    static void close() throws SQLException {
        for (Bench bench : OPEN) {
            bench.close();
        }
        OPEN.clear();
    }

    /** Two databases of one vendor and the instance between them. */
    private static final class Bench {
        private final Fixture fixture;
        private final DatabaseServer server;
        private final TwoSides sides;
        private final Map<Side, Connection> bare = new EnumMap<>(Side.class);
        private boolean touched = true;

        private Bench(String vendor) throws Exception {
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

        static Bench of(String vendor) throws Exception {
            for (Bench bench : OPEN) {
                if (bench.fixture.vendor().equals(vendor)) {
                    return bench;
                }
            }
            Bench bench = new Bench(vendor);
            OPEN.add(bench);
            return bench;
        }

        void close() throws SQLException {
            for (Connection connection : bare.values()) {
                connection.close();
            }
            sides.close();
        }

        void judge(Case one) throws Exception {
            Map<Side, List<String>> expected = new EnumMap<>(Side.class);
            for (Side side : Side.values()) {
                reset(one);
                expected.put(side, observe(one, () -> open(side)).lines());
            }
            List<String> wrong = new ArrayList<>();
            for (Rung rung : Rung.values()) {
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
            if (!wrong.isEmpty()) {
                fail(one.name() + "\n" + String.join("\n", wrong));
            }
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
            } finally {
                end(connection);
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

    @org.junit.jupiter.api.Test
    void cases_areMoreThanFourHundred() {
        assertThat(ReflectedCases.all().size() + WrittenCases.all().size()).isGreaterThan(400);
    }
}
