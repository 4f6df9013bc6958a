package io.dualwrite.histories;

import io.dualwrite.ladder.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that happened to one key.
 *
 * @param appends who asked for each value
 * @param reads those that were answered
 * @param finals what the sides that count hold at the end
 */
record KeyHistory(int key, Map<Integer, Operation> appends, List<Operation> reads, Map<Side, List<Integer>> finals) {

    static KeyHistory of(int key, List<Operation> appends, List<Operation> reads, List<Final> finals) {
        Map<Integer, Operation> byValue = new HashMap<>();
        for (Operation append : appends) {
            byValue.put(((Request.Append) append.request()).value(), append);
        }
        Map<Side, List<Integer>> ends = new EnumMap<>(Side.class);
        for (Final end : finals) {
            ends.put(end.side(), end.lists().getOrDefault(key, List.of()));
        }
        List<Operation> answered = reads.stream()
                .filter(read -> read.outcome() instanceof Outcome.Values)
                .toList();
        return new KeyHistory(key, byValue, answered, ends);
    }

    /**
     * Whether the value may come and go: its client was told in a crossing that what became of it is unknown, old may have it
     * and new not, and a write that read the list on new, or a repair, may take it from old again.
     */
    boolean wavers(int value) {
        Operation append = appends.get(value);
        return append != null && append.unknown() && append.mayHaveBeenStrict();
    }

    /** The list without the values that may come and go. */
    List<Integer> settled(List<Integer> list) {
        return list.stream().filter(value -> !wavers(value)).toList();
    }

    /** The longest list that anybody saw, or that is there at the end: the order of all that were written. */
    List<Integer> order() {
        List<List<Integer>> all = new ArrayList<>();
        finals.values().forEach(end -> all.add(settled(end)));
        reads.forEach(read -> all.add(settled(read.values())));
        List<Integer> longest = List.of();
        for (List<Integer> list : all) {
            longest = list.size() > longest.size() ? list : longest;
        }
        return longest;
    }
}
