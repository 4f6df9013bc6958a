package io.dualwrite.histories;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a history of lists can be true. Each key's list only ever grows at its end, and every value is asked for once, so
 * that a list tells the whole order in which its values were written, and any reader who saw another order, a value less or
 * a value more gives the fault away. What is asked of each key is said in {@link KeyCheck} and {@link Recency}.
 *
 * <p>After the method of E. Kingsbury and P. Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations",
 * VLDB 2020, for lists with one key a transaction.
 */
final class ListCheck {
    private ListCheck() {}

    /**
     * @param finals what the databases that count hold after the last operation
     * @param longestGap the longest time for which a reader of new may miss what a reader of old saw in a crossing
     */
    static void run(List<Operation> operations, List<Final> finals, Duration longestGap, Findings findings) {
        Map<Integer, List<Operation>> appends = new TreeMap<>();
        Map<Integer, List<Operation>> reads = new TreeMap<>();
        for (Operation operation : operations) {
            if (operation.request() instanceof Request.Append append) {
                appends.computeIfAbsent(append.key(), key -> new ArrayList<>()).add(operation);
            } else if (operation.request() instanceof Request.ReadList read) {
                reads.computeIfAbsent(read.key(), key -> new ArrayList<>()).add(operation);
            }
        }
        List<Integer> keys = new ArrayList<>(appends.keySet());
        finals.forEach(end -> keys.addAll(end.lists().keySet()));
        keys.addAll(reads.keySet());
        for (int key : keys.stream().distinct().sorted().toList()) {
            KeyHistory history = KeyHistory.of(
                    key, appends.getOrDefault(key, List.of()), reads.getOrDefault(key, List.of()), finals);
            new KeyCheck(history, findings).run();
            new Recency(history, longestGap, findings).run();
        }
    }
}
