package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is explored: the rows at first, who takes part, and what may go wrong. Immutable.
 *
 * @param parts the writers and readers; at most three
 * @param rows the rows at first, on old and on new; 0 is no row
 * @param mostFaults how many faults there may be in one run
 */
record Scenario(
        List<Part> parts,
        Visibility old,
        Visibility neu,
        List<List<Integer>> rows,
        Set<Fault> faults,
        int mostFaults,
        Copier.@Nullable Kind copier,
        Rules rules) {

    /** Takes part on a rung. */
    sealed interface Part {
        Rung rung();
    }

    /** @param replays whether the mirror gets the statement itself instead of images */
    record Writes(Rung rung, List<Deed> deeds, boolean replays) implements Part {}

    record Reads(Rung rung, int row) implements Part {}

    /** Without faults, both rows there and equal, by the rule of PostgreSQL and H2. */
    static Scenario of(Part... parts) {
        List<Integer> plain = List.of(Deed.PLAIN, Deed.PLAIN);
        return new Scenario(
                List.of(parts),
                Visibility.UNSEEN,
                Visibility.UNSEEN,
                List.of(plain, plain),
                EnumSet.noneOf(Fault.class),
                0,
                null,
                Rules.ALL);
    }

    static Writes writes(Rung rung, Deed... deeds) {
        return new Writes(rung, List.of(deeds), false);
    }

    static Writes replays(Rung rung, Deed... deeds) {
        return new Writes(rung, List.of(deeds), true);
    }

    Scenario rows(List<Integer> onOld, List<Integer> onNew) {
        return new Scenario(parts, old, neu, List.of(onOld, onNew), faults, mostFaults, copier, rules);
    }

    Scenario servers(Visibility onOld, Visibility onNew) {
        return new Scenario(parts, onOld, onNew, rows, faults, mostFaults, copier, rules);
    }

    Scenario faults(int most, Fault... kinds) {
        return new Scenario(parts, old, neu, rows, Set.of(kinds), most, copier, rules);
    }

    Scenario copier(Copier.Kind kind) {
        return new Scenario(parts, old, neu, rows, faults, mostFaults, kind, rules);
    }

    Scenario under(Rules which) {
        return new Scenario(parts, old, neu, rows, faults, mostFaults, copier, which);
    }

    /** The side that wins a repair: new's as soon as an instance commits new first. */
    Side authority() {
        return firsts().contains(Side.NEW) ? Side.NEW : Side.OLD;
    }

    /** The sides that are committed first. */
    private Set<Side> firsts() {
        return parts.stream()
                .filter(part -> part instanceof Writes)
                .map(part -> hardened(part.rung()).authority())
                .collect(Collectors.toSet());
    }

    /** Whether some commit old first and some new. */
    private boolean mixed() {
        return firsts().size() > 1;
    }

    State initial() {
        int[] onOld = rows.get(0).stream().mapToInt(row -> row).toArray();
        int[] onNew = rows.get(1).stream().mapToInt(row -> row).toArray();
        return State.initial(onOld, onNew);
    }

    /** Whether both sides must be equal in the end: not where an instance writes on one alone. */
    boolean comparesSides() {
        boolean sync = copier == Copier.Kind.FINAL_SYNC;
        return sync
                || parts.stream()
                        .noneMatch(
                                part -> part instanceof Writes && !part.rung().dual());
    }

    /** Whether the sides must be equal in this end, and are not. */
    boolean comesToDiffer(State end) {
        boolean equal = true;
        for (int row = 0; row < State.ROWS; row++) {
            equal &= end.committed(Side.OLD, row) == end.committed(Side.NEW, row);
        }
        return comparesSides() && !equal;
    }

    List<Actor> actors() {
        boolean gaps = rules.lack(Rule.R27) && neu == Visibility.WAITS;
        World world = new World(new Servers(old, neu, gaps), rules, faults, mostFaults, mixed());
        List<Actor> actors = new ArrayList<>();
        for (Part part : parts) {
            int id = actors.size();
            Rung rung = hardened(part.rung());
            actors.add(
                    part instanceof Writes writes
                            ? new Writer(id, rung, writes.deeds, writes.replays, world)
                            : new Reader(id, rung, ((Reads) part).row));
        }
        List<Actor> all = new ArrayList<>(actors);
        all.add(new Repair(State.ACTORS - 1, actors, authority(), world));
        if (copier != null) {
            List<Actor> alone = actors.stream().filter(actor -> isAlone(actor)).toList();
            all.add(new Copier(State.ACTORS - 2, copier, alone, forbidsCopier(), world));
        }
        return all;
    }

    /** R10: where both sides are read, or some commit old first and some new, all dual rungs are strict. */
    private Rung hardened(Rung rung) {
        long sides = parts.stream().map(part -> part.rung().reads()).distinct().count();
        long firsts =
                parts.stream().map(part -> part.rung().authority()).distinct().count();
        if (sides == 1 && firsts > 1 && rung == Rung.DUAL_READ_NEW && rules.hold(Rule.R10_AUTHORITY)) {
            return Rung.STRICT_NEW_FIRST;
        }
        if (sides == 1 || !rung.dual() || rules.lack(Rule.R10)) {
            return rung;
        }
        return rung.reads() == Side.OLD ? Rung.STRICT_READ_OLD : Rung.STRICT_READ_NEW;
    }

    private static boolean isAlone(Actor actor) {
        return actor instanceof Writer writer && writer.rung == Rung.OLD_ONLY;
    }

    /** R26, and R19's second half: no run against the authority. */
    private boolean forbidsCopier() {
        if (copier == Copier.Kind.DOWN || authority() == Side.OLD) {
            return false;
        }
        return rules.hold(copier == Copier.Kind.DELETE_DIFF ? Rule.R19_FIRST : Rule.R26);
    }
}
