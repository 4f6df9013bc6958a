package io.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.model.Scenarios.Pair;
import io.dualwrite.model.State.Status;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** With all rules on, nothing that {@link Violation} names can be reached. */
final class ModelTest {
    private static final Logger LOG = LoggerFactory.getLogger(ModelTest.class);

    static Stream<Pair> pairs() {
        return Pair.all();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoWriters_anyDeeds_twoFaults(Pair pair) {
        explore("two writers on " + pair, Scenarios.twoWriters(pair));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoWritersAndReader_onEitherRung(Pair pair) {
        explore("two writers and a reader on " + pair, Scenarios.withReader(pair));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoStatementsEach_onTwoRows(Pair pair) {
        explore("two statements each on " + pair, Scenarios.twoStatements(pair));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void threeWriters_onOneRow(Pair pair) {
        explore("three writers on " + pair, Scenarios.threeWriters(pair));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void replays_whereAllowed(Pair pair) {
        explore("replays on " + pair, Scenarios.replays(pair));
    }

    @Test
    void copierUp_besideWriters() {
        for (Rung rung : EnumSet.of(Rung.OLD_ONLY, Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW)) {
            explore("copier up on " + rung, Scenarios.withCopier(rung, Copier.Kind.UP));
            explore("delete diff on " + rung, Scenarios.withCopier(rung, Copier.Kind.DELETE_DIFF));
        }
    }

    @Test
    void finalSync_afterStragglers() {
        explore("final sync", Scenarios.withCopier(Rung.OLD_ONLY, Copier.Kind.FINAL_SYNC));
    }

    @Test
    void copierDown_besideWriters() {
        for (Rung rung : EnumSet.of(Rung.DUAL_READ_NEW, Rung.NEW_ONLY)) {
            explore("copier down on " + rung, Scenarios.withCopier(rung, Copier.Kind.DOWN));
        }
    }

    /** A model that never gets anywhere violates nothing either. */
    @ParameterizedTest
    @MethodSource("pairs")
    void everyPair_canBeAnsweredInEveryWay(Pair pair) {
        Set<Status> one = EnumSet.noneOf(Status.class);
        Set<Integer> acknowledged = new TreeSet<>();
        Scenarios.twoWriters(pair).limit(4).forEach(scenario -> new Explorer(scenario)
                .ends(new Judge(scenario, scenario.actors(), null), end -> {
                    one.add(end.status(0));
                    acknowledged.add(Answered.before(end));
                }));

        assertThat(one).containsExactlyInAnyOrder(Status.ACKNOWLEDGED, Status.UNKNOWN, Status.FAILED);
        assertThat(acknowledged).contains(0, 1, 2);
    }

    private static void explore(String what, Stream<Scenario> scenarios) {
        long begun = System.nanoTime();
        long[] counts = new long[3];
        scenarios.forEach(scenario -> {
            Explorer.Result result = new Explorer(scenario).search(new OneDatabase(scenario), Set.of());
            assertThat(result.violation())
                    .withFailMessage(() -> scenario + "\n" + Story.of(scenario, result))
                    .isNull();
            assertThat(result.ends()).as("ends of %s", scenario).isPositive();
            counts[0]++;
            counts[1] += result.states();
            counts[2] += result.ends();
        });
        long millis = (System.nanoTime() - begun) / 1_000_000;
        LOG.info("{}: {} scenarios, {} states, {} ends, {} ms", what, counts[0], counts[1], counts[2], millis);
    }
}
