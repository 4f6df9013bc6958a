package io.dualwrite.simulation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the databases must hold, by what the application was told. Each increment of an account adds a power of two of its own, so
 * that the amount tells which of them are in it, each once; a row of the journal is inserted once and never touched again; a row
 * of the stock names the write that made it what it is.
 */
final class Expectation {
    static final int ACCOUNTS = 3;
    private static final int MOST_INCREMENTS = 60;

    private final List<Stamp> stamps = new ArrayList<>();
    private final Map<Integer, Integer> increments = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** A write of a row of its own. */
    Stamp write() {
        return stamp(0, 0);
    }

    /** A write that increments the account, or one without an account where that can take no more. */
    Stamp increment(int account) {
        int bit = increments.merge(account, 1, Integer::sum) - 1;
        return bit < MOST_INCREMENTS ? stamp(account, 1L << bit) : write();
    }

    private Stamp stamp(int account, long amount) {
        Stamp stamp = new Stamp(stamps.size() + 1, account, amount);
        stamps.add(stamp);
        return stamp;
    }

    List<String> violations() {
        return violations;
    }

    void violated(String what) {
        violations.add(what);
    }

    /** The sum of what was acknowledged for the account until now. */
    long acknowledged(int account) {
        long sum = 0;
        for (Stamp stamp : stamps) {
            if (stamp.account == account && stamp.fate() == Stamp.Fate.ACKNOWLEDGED) {
                sum |= stamp.amount;
            }
        }
        return sum;
    }

    /** Compares a side with what the application knows. */
    void check(String where, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, amount FROM account ORDER BY id")) {
                while (rows.next()) {
                    checkAccount(where, rows.getInt(1), rows.getLong(2));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id FROM journal ORDER BY id")) {
                checkJournal(where, rows);
            }
            try (ResultSet rows = statement.executeQuery("SELECT id, writer FROM stock ORDER BY id")) {
                while (rows.next()) {
                    int writer = rows.getInt(2);
                    if (writer > 0 && stamps.get(writer - 1).fate() == Stamp.Fate.UNDONE) {
                        violated("stock " + rows.getInt(1) + " on " + where + " holds " + stamps.get(writer - 1));
                    }
                }
            }
        }
    }

    private void checkAccount(String where, int account, long amount) {
        long known = 0;
        for (Stamp stamp : stamps) {
            if (stamp.account == account) {
                known |= stamp.amount;
                if (!stamp.allows((amount & stamp.amount) != 0)) {
                    violated("account " + account + " on " + where + " holds " + Long.toBinaryString(amount)
                            + ", which is against " + stamp + " of " + Long.toBinaryString(stamp.amount));
                }
            }
        }
        if ((amount & ~known) != 0) {
            violated("account " + account + " on " + where + " holds an increment twice: "
                    + Long.toBinaryString(amount));
        }
    }

    private final Map<Integer, Boolean> journalled = new HashMap<>();

    /** The journal has this row for the write. */
    void journals(Stamp stamp) {
        journalled.put(stamp.number, true);
    }

    private void checkJournal(String where, ResultSet rows) throws SQLException {
        Map<Integer, Boolean> there = new HashMap<>();
        while (rows.next()) {
            there.put(rows.getInt(1), true);
        }
        for (Stamp stamp : stamps) {
            if (journalled.containsKey(stamp.number) && !stamp.allows(there.containsKey(stamp.number))) {
                violated("the journal on " + where + (there.containsKey(stamp.number) ? " has " : " lacks ") + stamp);
            }
        }
    }
}
