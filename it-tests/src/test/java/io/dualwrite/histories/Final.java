package io.dualwrite.histories;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one database holds while nobody writes.
 *
 * @param lists the lists by key
 * @param balances the accounts, the first one first
 * @param transfers the transfers by number
 */
record Final(
        Side side,
        Map<Integer, List<Integer>> lists,
        List<Integer> balances,
        Map<Integer, Request.Transfer> transfers) {

    /** Reads it past Dualwrite. */
    static Final read(Side side, Connection connection) throws SQLException {
        Map<Integer, List<Integer>> lists = new TreeMap<>();
        List<Integer> balances = new ArrayList<>();
        Map<Integer, Request.Transfer> transfers = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, entries FROM register ORDER BY id")) {
                while (rows.next()) {
                    lists.put(rows.getInt(1), Lists.parse(rows.getString(2)));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT balance FROM account ORDER BY id")) {
                while (rows.next()) {
                    balances.add(rows.getInt(1));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id, payer, payee, amount FROM transfer ORDER BY id")) {
                while (rows.next()) {
                    transfers.put(
                            rows.getInt(1),
                            new Request.Transfer(rows.getInt(1), rows.getInt(2), rows.getInt(3), rows.getInt(4)));
                }
            }
        }
        return new Final(side, lists, balances, transfers);
    }
}
