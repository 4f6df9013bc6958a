package io.dualwrite.demo.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares two databases row by row. */
public final class Comparison {
    private Comparison() {}

    /**
     * The rows that are not the same on both.
     *
     * @param derivedToo whether Data B must agree as well
     */
    public static List<Fault> differing(Rows old, Rows neu, boolean derivedToo) {
        List<Fault> faults = new ArrayList<>();
        for (Table table : Table.ALL) {
            if (derivedToo || !table.derived()) {
                compare(table.name(), old.of(table.name()), neu.of(table.name()), faults);
            }
        }
        return faults;
    }

    private static void compare(
            String table,
            Map<String, Map<String, String>> old,
            Map<String, Map<String, String>> neu,
            List<Fault> faults) {
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(neu.keySet());
        for (String key : keys) {
            Map<String, String> onOld = old.get(key);
            Map<String, String> onNew = neu.get(key);
            String text = null;
            if (onOld == null) {
                text = "is on new and not on old";
            } else if (onNew == null) {
                text = "is on old and not on new";
            } else if (!onOld.equals(onNew)) {
                text = firstDifference(onOld, onNew);
            }
            if (text != null) {
                faults.add(new Fault(Fault.Kind.DIFFERING, table, key, text));
            }
        }
    }

    private static String firstDifference(Map<String, String> old, Map<String, String> neu) {
        for (var column : old.entrySet()) {
            String onNew = neu.get(column.getKey());
            if (!column.getValue().equals(onNew)) {
                return column.getKey() + " is " + column.getValue() + " on old and " + onNew + " on new";
            }
        }
        return "has other columns on old than on new";
    }
}
