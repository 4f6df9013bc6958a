package io.dualwrite.demo.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTest {
    @TempDir
    Path directory;

    private Connection old;
    private Connection neu;
    private Rows first;

    @BeforeEach
    void bothHaveTheFirstDay() throws SQLException, IOException {
        old = bookstore("old");
        neu = bookstore("new");
        first = Rows.read(old);
    }

    @AfterEach
    void close() throws SQLException {
        old.close();
        neu.close();
    }

    @Test
    void nothingHappened_noFaults() throws Exception {
        assertThat(acknowledged().against("old", first, Rows.read(old))).isEmpty();
        assertThat(Comparison.differing(Rows.read(old), Rows.read(neu), true)).isEmpty();
    }

    @Test
    void acknowledgedRowIsThere_noFault() throws Exception {
        execute(old, "INSERT INTO author (id, name) VALUES (7, 'Ada')");

        assertThat(acknowledged("1\tacked\t=\tauthor\t7\tname=Ada").against("old", first, Rows.read(old)))
                .isEmpty();
    }

    @Test
    void acknowledgedRowIsNotThere_missing() throws Exception {
        assertThat(acknowledged("1\tacked\t=\tauthor\t7\tname=Ada").against("new", first, Rows.read(neu)))
                .extracting(Fault::kind, Fault::table, Fault::key)
                .containsExactly(tuple(Fault.Kind.MISSING, "author", "7"));
    }

    @Test
    void acknowledgedRowHasAnOlderState_missing() throws Exception {
        execute(old, "INSERT INTO author (id, name) VALUES (7, 'Ada')");

        assertThat(acknowledged("1\tacked\t=\tauthor\t7\tname=Ada", "2\tacked\t=\tauthor\t7\tname=Ada L.")
                        .against("old", first, Rows.read(old)))
                .extracting(Fault::toString)
                .containsExactly("author 7: name was acknowledged as Ada L., yet it is Ada, on old");
    }

    @Test
    void acknowledgedDeleteCameBack_missing() throws Exception {
        execute(old, "INSERT INTO author (id, name) VALUES (7, 'Ada')");

        assertThat(acknowledged("1\tacked\t=\tauthor\t7\tname=Ada", "2\tacked\t-\tauthor\t7")
                        .against("old", first, Rows.read(old)))
                .extracting(Fault::kind)
                .containsExactly(Fault.Kind.MISSING);
    }

    @Test
    void incrementsOfAllInstancesAreSummedUp_oneLostOrAppliedTwiceIsFound() throws Exception {
        Files.writeString(directory.resolve("one"), "1\tacked\t+\tvisit_counter\thome\tvisits=1\n");
        Files.writeString(directory.resolve("two"), "1\tacked\t+\tvisit_counter\thome\tvisits=1\n");
        Acknowledged two = Acknowledged.read(List.of(directory.resolve("one"), directory.resolve("two")));

        execute(old, "UPDATE visit_counter SET visits = visits + 2");
        assertThat(two.against("old", first, Rows.read(old))).isEmpty();
        execute(old, "UPDATE visit_counter SET visits = visits + 1");
        assertThat(two.against("old", first, Rows.read(old))).hasSize(1);
        execute(old, "UPDATE visit_counter SET visits = visits - 2");
        assertThat(two.against("old", first, Rows.read(old))).hasSize(1);
    }

    @Test
    void outcomeUnknown_neitherStateIsAFault() throws Exception {
        Acknowledged unknown = acknowledged("1\tunknown\t=\tauthor\t7\tname=Ada");

        assertThat(unknown.against("old", first, Rows.read(old))).isEmpty();
        execute(old, "INSERT INTO author (id, name) VALUES (7, 'Ada')");
        assertThat(unknown.against("old", first, Rows.read(old))).isEmpty();
    }

    @Test
    void rowThatNobodyWasToldOf_surplus() throws Exception {
        execute(old, "INSERT INTO author (id, name) VALUES (8, 'Bob')");

        assertThat(acknowledged().against("old", first, Rows.read(old)))
                .extracting(Fault::kind, Fault::key)
                .containsExactly(tuple(Fault.Kind.SURPLUS, "8"));
    }

    @Test
    void rowOfTheFirstDayIsGoneOrChanged_missing() throws Exception {
        execute(old, "UPDATE author SET name = 'x' WHERE id = 1");
        execute(old, "DELETE FROM author WHERE id = 2");

        assertThat(acknowledged().against("old", first, Rows.read(old)))
                .extracting(Fault::key)
                .containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void databasesDiffer_eachRowIsNamed() throws Exception {
        execute(neu, "UPDATE author SET name = 'x' WHERE id = 1");
        execute(neu, "DELETE FROM author WHERE id = 2");
        execute(neu, "INSERT INTO author (id, name) VALUES (3, 'Cy')");
        execute(neu, "INSERT INTO royalty_author (author_id, titles, amount) VALUES (1, 1, 1)");

        assertThat(Comparison.differing(Rows.read(old), Rows.read(neu), true))
                .extracting(Fault::toString)
                .containsExactly(
                        "author 1: name is One on old and x on new",
                        "author 2: is on old and not on new",
                        "author 3: is on new and not on old",
                        "royalty_author 1: is on new and not on old");
        assertThat(Comparison.differing(Rows.read(old), Rows.read(neu), false)).hasSize(3);
    }

    @Test
    void verdict_isBadForAnyFault_andNamesIt() {
        Verdict verdict = new Verdict();
        Verdict.Check check = new Verdict.Check("at the end", "old", 1, 1, 0);
        assertThat(verdict.good()).as("nothing was checked").isFalse();
        verdict.checked(check, List.of());
        assertThat(verdict.good()).isTrue();
        verdict.load(new Verdict.Load(1000, 1, 0, Duration.ZERO, "pay", Duration.ofSeconds(1)), List.of("pay: no"));
        assertThat(verdict.good()).as("a request failed").isFalse();
        verdict.load(new Verdict.Load(1000, 0, 0, Duration.ZERO, "pay", Duration.ofSeconds(1)), List.of());
        verdict.checked(check, List.of(new Fault(Fault.Kind.DIFFERING, "author", "17", "is on old and not on new")));
        assertThat(verdict.good()).isFalse();

        ByteArrayOutputStream text = new ByteArrayOutputStream();
        new VerdictTable(new PrintStream(text, true, StandardCharsets.UTF_8)).print(verdict);
        assertThat(text.toString(StandardCharsets.UTF_8)).contains("author 17: is on old and not on new");
        assertThat(VerdictJson.of(verdict)).contains("\"table\":\"author\",\"key\":\"17\"");
    }

    private Acknowledged acknowledged(String... lines) throws IOException {
        Path journal = directory.resolve("journal");
        Files.write(journal, List.of(lines));
        return Acknowledged.read(List.of(journal));
    }

    private static Connection bookstore(String name) throws SQLException, IOException {
        Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + name);
        try (InputStream schema =
                Objects.requireNonNull(VerdictTest.class.getResourceAsStream("/io/dualwrite/demo/schema-h2.sql"))) {
            execute(connection, new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
        execute(
                connection,
                "INSERT INTO author (id, name, updated_at) VALUES (1, 'One', DATE '2020-01-01'),"
                        + " (2, 'Two', DATE '2020-01-01')");
        execute(connection, "INSERT INTO visit_counter (name, updated_at) VALUES ('home', DATE '2020-01-01')");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
