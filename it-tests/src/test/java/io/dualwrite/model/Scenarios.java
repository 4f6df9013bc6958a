package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.model.Deed.Kind;
import io.dualwrite.model.Scenario.Part;
import io.dualwrite.model.Scenario.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The scenarios in which nothing may be violated. Each pair of instances stands on one dual rung or on two neighbouring rungs.
 * With {@code model.full} there are more of them, and more faults.
 */
final class Scenarios {
    static final boolean FULL = Boolean.getBoolean("model.full");

    private static final Set<Kind> ALL = EnumSet.complementOf(EnumSet.of(Kind.STAMP));
    private static final Set<Kind> FEW = EnumSet.of(Kind.INSERT, Kind.ADD, Kind.DELETE);
    private static final Set<Kind> SOME = EnumSet.of(Kind.INSERT, Kind.SET, Kind.DELETE, Kind.ADD_TO_GROUP);

    private Scenarios() {}

    /** The rungs of two instances that may stand side by side and write. */
    record Pair(Rung one, Rung other) {
        static Stream<Pair> all() {
            return Arrays.stream(Rung.values())
                    .flatMap(rung -> rung.dual()
                            ? Stream.of(new Pair(rung, rung), new Pair(rung, rung.up()))
                            : rung.up() == rung ? Stream.of() : Stream.of(new Pair(rung, rung.up())));
        }
    }

    private record Deeds(Kind one, Kind other) {
        static List<Deeds> of(Set<Kind> kinds) {
            return kinds.stream()
                    .flatMap(one -> kinds.stream().map(other -> new Deeds(one, other)))
                    .toList();
        }
    }

    /** Two writers of one row, each doing anything. */
    static Stream<Scenario> twoWriters(Pair pair) {
        return Deeds.of(ALL).stream()
                .flatMap(deeds ->
                        vendors(true, scenario(2, writes(pair.one, deeds.one), writes(pair.other, deeds.other))));
    }

    /** The same with one who reads the row, on either rung. */
    static Stream<Scenario> withReader(Pair pair) {
        return Deeds.of(FULL ? ALL : SOME).stream()
                .flatMap(deeds -> Stream.of(pair.one, pair.other)
                        .distinct()
                        .map(rung -> scenario(
                                FULL ? 2 : 1,
                                writes(pair.one, deeds.one),
                                writes(pair.other, deeds.other),
                                new Reads(rung, 0))))
                .flatMap(scenario -> vendors(FULL, scenario));
    }

    /** Two writers of both rows, in two statements each. */
    static Stream<Scenario> twoStatements(Pair pair) {
        return Deeds.of(FULL ? ALL : SOME).stream()
                .map(deeds -> scenario(
                        FULL ? 2 : 1,
                        Scenario.writes(pair.one, Deed.of(deeds.one, 0), Deed.of(deeds.other, 1)),
                        Scenario.writes(pair.other, Deed.of(deeds.other, 0), Deed.of(deeds.one, 1))))
                .flatMap(scenario -> vendors(FULL, scenario));
    }

    /** Three writers of one row. Those on the same rung are interchangeable. */
    static Stream<Scenario> threeWriters(Pair pair) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Kind first : FEW) {
            for (Kind second : FEW) {
                for (Kind third : FEW) {
                    boolean again =
                            second.compareTo(third) > 0 || pair.one == pair.other && first.compareTo(second) > 0;
                    if (!again) {
                        scenarios.add(scenario(
                                1, writes(pair.one, first), writes(pair.other, second), writes(pair.other, third)));
                    }
                }
            }
        }
        return scenarios.stream().flatMap(scenario -> vendors(FULL, scenario));
    }

    /** Writers that replay where they may, beside others that do not. */
    static Stream<Scenario> replays(Pair pair) {
        return Deeds.of(ALL).stream()
                .map(deeds -> scenario(
                        1,
                        new Scenario.Writes(pair.one, List.of(Deed.of(deeds.one, 0)), true),
                        writes(pair.other, deeds.other)))
                .flatMap(scenario -> vendors(FULL, scenario));
    }

    /** A run of the copier beside a writer, where the fleet's rungs let it run. */
    static Stream<Scenario> withCopier(Rung rung, Copier.Kind copier) {
        return ALL.stream()
                .map(kind -> scenario(2, writes(rung, kind)).copier(copier))
                .flatMap(scenario -> vendors(true, scenario));
    }

    private static Part writes(Rung rung, Kind kind) {
        return Scenario.writes(rung, Deed.of(kind, 0));
    }

    /** The rows that an INSERT makes are not there at first. */
    private static Scenario scenario(int mostFaults, Part... parts) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < State.ROWS; row++) {
            int place = row;
            boolean made = Arrays.stream(parts)
                    .filter(part -> part instanceof Scenario.Writes)
                    .flatMap(part -> ((Scenario.Writes) part).deeds().stream())
                    .anyMatch(deed -> deed.kind() == Kind.INSERT && deed.row() == place);
            rows.add(made ? Deed.ABSENT : Deed.PLAIN);
        }
        return Scenario.of(parts).rows(rows, rows).faults(mostFaults, Fault.values());
    }

    /** The scenario on servers of either rule, and on one of each where asked for. */
    private static Stream<Scenario> vendors(boolean mixed, Scenario scenario) {
        return Arrays.stream(Visibility.values()).flatMap(old -> Arrays.stream(Visibility.values())
                .filter(neu -> mixed || old == neu)
                .map(neu -> scenario.servers(old, neu)));
    }
}
