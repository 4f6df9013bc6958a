package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Functions of the user's own that have the names of built-in ones: PostgreSQL overloads them, and a vendor may lack what another has.
 * The catalogue tells whether a side has any; nearly always there are none, and nothing more is asked. Stateless.
 */
final class Namesakes {
    private Namesakes() {}

    /** Those of the names by which the transaction's session finds such a function, where the rung reads or where it writes. */
    static Set<String> among(List<String> names, DualTransaction transaction, Catalogue catalogue) throws SQLException {
        Rung rung = transaction.rung();
        Set<String> read = on(rung.reads(), names, transaction, catalogue);
        if (rung.authority() == rung.reads()) {
            return read;
        }
        Set<String> all = new HashSet<>(read);
        all.addAll(on(rung.authority(), names, transaction, catalogue));
        return all;
    }

    private static Set<String> on(Side side, List<String> names, DualTransaction transaction, Catalogue catalogue)
            throws SQLException {
        Map<String, List<String>> known = catalogue.namesakes(side);
        if (known == null) {
            known = transaction.answering(transaction.on(side), catalogue::readNamesakes);
        }
        if (known.isEmpty()) {
            return Collections.emptySet();
        }
        Set<String> found = new HashSet<>();
        for (String name : names) {
            for (String schema : known.getOrDefault(name, Collections.emptyList())) {
                if (transaction.answering(transaction.on(side), leg -> leg.looksInto(schema))) {
                    found.add(name);
                }
            }
        }
        return found;
    }
}
