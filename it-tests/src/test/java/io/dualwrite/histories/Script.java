package io.dualwrite.histories;

import io.dualwrite.histories.Request.Append;
import io.dualwrite.histories.Request.ReadAccounts;
import io.dualwrite.histories.Request.ReadList;
import io.dualwrite.histories.Request.Transfer;
import io.dualwrite.histories.Request.Way;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A history written by hand: one list under key 1, two accounts with 50 each, one client per operation, times in ms. */
final class Script {
    static final Duration LONGEST_GAP = Duration.ofMillis(100);
    private static final int KEY = 1;

    private final List<Operation> operations = new ArrayList<>();
    private final List<Final> finals = new ArrayList<>();
    private Rung rung = Rung.DUAL_READ_OLD;

    /** Where all that follows runs. */
    Script on(Rung now) {
        rung = now;
        return this;
    }

    Script append(int value, long from, long to) {
        return append(value, from, to, new Outcome.Done());
    }

    Script append(int value, long from, long to, Outcome outcome) {
        return add(from, to, new Append(KEY, value, Way.IN_PLACE), outcome);
    }

    Script read(long from, long to, Integer... values) {
        return add(from, to, new ReadList(KEY), new Outcome.Values(List.of(values)));
    }

    Script transfer(int number, int amount, long from, long to, Outcome outcome) {
        return add(from, to, new Transfer(number, 0, 1, amount), outcome);
    }

    Script accounts(long from, long to, Integer... balances) {
        return add(from, to, new ReadAccounts(), new Outcome.Balances(List.of(balances)));
    }

    private Script add(long from, long to, Request request, Outcome outcome) {
        operations.add(new Operation(
                operations.size(),
                new Operation.Moment(from * 1_000_000, rung),
                new Operation.Moment(to * 1_000_000, rung),
                request,
                outcome));
        return this;
    }

    /** What a side holds in the end. */
    Script end(Side side, Integer... values) {
        finals.add(new Final(side, Map.of(KEY, List.of(values)), List.of(50, 50), Map.of()));
        return this;
    }

    /** What a side's accounts hold in the end, and the amounts of its transfers, numbered from 1. */
    Script accountsEnd(Side side, List<Integer> balances, Integer... amounts) {
        Map<Integer, Transfer> transfers = new TreeMap<>();
        for (int i = 0; i < amounts.length; i++) {
            transfers.put(i + 1, new Transfer(i + 1, 0, 1, amounts[i]));
        }
        finals.add(new Final(side, Map.of(), balances, transfers));
        return this;
    }

    Findings check() {
        Findings findings = new Findings();
        ListCheck.run(operations, finals, LONGEST_GAP, findings);
        BankCheck.run(operations, finals, List.of(50, 50), findings);
        return findings;
    }

    /** Each kind of anomaly that the checker finds, once. */
    List<Anomaly.Kind> kinds() {
        return check().anomalies().stream()
                .map(Anomaly::kind)
                .distinct()
                .sorted()
                .toList();
    }
}
