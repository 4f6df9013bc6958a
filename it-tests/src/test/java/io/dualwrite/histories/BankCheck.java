package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.BALANCE_OFF;
import static io.dualwrite.histories.Anomaly.Kind.FAILED_YET_THERE;
import static io.dualwrite.histories.Anomaly.Kind.INVENTED;
import static io.dualwrite.histories.Anomaly.Kind.LOST;
import static io.dualwrite.histories.Anomaly.Kind.NEGATIVE;
import static io.dualwrite.histories.Anomaly.Kind.SIDES_DIFFER;
import static io.dualwrite.histories.Anomaly.Kind.TOTAL_OFF;

import io.dualwrite.ladder.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a history of transfers can be true. Every transfer takes from one account what it gives to another, never more than
 * is there, and leaves a row that says so, all in one transaction. So
 *
 * <ol>
 *   <li>all accounts together hold the same in every read and at the end, and none is ever below zero;
 *   <li>at the end every side that counts has the row of every acknowledged transfer and of no failed one;
 *   <li>each account holds what it began with and what those rows make of it;
 *   <li>all sides that count hold the same.
 * </ol>
 *
 * One read is let pass, and counted: where a crossing left a transfer unknown, old may have it and new not. New then gets its
 * two accounts one after the other, by the image of the next write of each or by a repair, and a reader of new between the
 * two sees one half.
 */
final class BankCheck {
    private final List<Integer> opening;
    private final Findings findings;
    private final Map<Integer, Operation> transfers = new HashMap<>();

    private BankCheck(List<Integer> opening, Findings findings) {
        this.opening = opening;
        this.findings = findings;
    }

    /**
     * @param opening what the accounts held before the first operation
     * @param finals what the databases that count hold after the last one
     */
    static void run(List<Operation> operations, List<Final> finals, List<Integer> opening, Findings findings) {
        BankCheck check = new BankCheck(opening, findings);
        for (Operation operation : operations) {
            if (operation.request() instanceof Request.Transfer transfer) {
                check.transfers.put(transfer.number(), operation);
            }
        }
        for (Operation operation : operations) {
            if (operation.outcome() instanceof Outcome.Balances seen && !check.halved(operation, seen.balances())) {
                check.sound(
                        "process " + operation.process() + " on "
                                + operation.invoked().rung(),
                        seen.balances());
            }
        }
        finals.forEach(check::end);
        check.sidesAgree(finals);
    }

    /** Whether a reader of new saw halves of transfers that a crossing left unknown, and nothing else that is wrong. */
    private boolean halved(Operation read, List<Integer> balances) {
        int off = total(balances) - total(opening);
        boolean positive =
                balances.size() == opening.size() && balances.stream().allMatch(balance -> balance >= 0);
        if (off == 0
                || !positive
                || !read.mayHaveRead(Side.NEW)
                || !halvesBefore(read).contains(off)) {
            return false;
        }
        findings.halved();
        return true;
    }

    /** By how much the total may be off: of each such transfer new may have the payee's half alone, or the payer's. */
    private Set<Integer> halvesBefore(Operation read) {
        Set<Integer> sums = Set.of(0);
        for (Operation operation : transfers.values()) {
            if (operation.unknown() && operation.mayHaveBeenStrict() && !read.endedBefore(operation)) {
                int amount = ((Request.Transfer) operation.request()).amount();
                sums = sums.stream()
                        .flatMap(sum -> Stream.of(sum, sum + amount, sum - amount))
                        .collect(Collectors.toSet());
            }
        }
        return sums;
    }

    private void sound(String who, List<Integer> balances) {
        int before = total(opening);
        int now = total(balances);
        if (balances.size() != opening.size() || now != before) {
            findings.add(TOTAL_OFF, who + " has " + now + " in " + balances + " instead of " + before);
        }
        if (balances.stream().anyMatch(balance -> balance < 0)) {
            findings.add(NEGATIVE, who + " has " + balances);
        }
    }

    private static int total(List<Integer> balances) {
        return balances.stream().mapToInt(Integer::intValue).sum();
    }

    private void end(Final end) {
        String who = end.side().word() + " at the end";
        sound(who, end.balances());
        transfers.forEach((number, operation) -> {
            boolean there = end.transfers().containsKey(number);
            if (operation.acknowledged() && !there) {
                findings.add(LOST, who + " has not " + operation.request() + ", which was acknowledged");
            } else if (operation.failed() && there) {
                findings.add(FAILED_YET_THERE, who + " has " + operation.request() + ", " + operation.outcome());
            }
        });
        end.transfers().forEach((number, transfer) -> {
            Operation asked = transfers.get(number);
            if (asked == null || !asked.request().equals(transfer)) {
                findings.add(INVENTED, who + " has " + transfer + ", which nobody has asked for");
            }
        });
        List<Integer> made = made(end);
        if (!made.equals(end.balances())) {
            findings.add(BALANCE_OFF, who + " has " + end.balances() + " where its transfers make " + made);
        }
    }

    private List<Integer> made(Final end) {
        List<Integer> balances = new ArrayList<>(opening);
        for (Request.Transfer transfer : end.transfers().values()) {
            balances.set(transfer.from(), balances.get(transfer.from()) - transfer.amount());
            balances.set(transfer.to(), balances.get(transfer.to()) + transfer.amount());
        }
        return balances;
    }

    private void sidesAgree(List<Final> finals) {
        for (Final end : finals) {
            Final first = finals.get(0);
            if (!end.balances().equals(first.balances()) || !end.transfers().equals(first.transfers())) {
                findings.add(
                        SIDES_DIFFER,
                        "at the end " + first.side().word() + " has " + first.balances() + " after "
                                + first.transfers().size() + " transfers, "
                                + end.side().word() + " has " + end.balances() + " after "
                                + end.transfers().size());
            }
        }
    }
}
