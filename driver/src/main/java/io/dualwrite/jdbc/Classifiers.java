package io.dualwrite.jdbc;

import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.StatementClassifier;

/** A classifier per flavour of SQL, each with its cache, shared by the connections of an instance. Thread-safe. */
public final class Classifiers {
    private final StatementClassifier[] byFlavour;

    /** Classifiers for all flavours. */
    public Classifiers() {
        SqlFlavour[] flavours = SqlFlavour.values();
        byFlavour = new StatementClassifier[flavours.length];
        for (SqlFlavour flavour : flavours) {
            byFlavour[flavour.ordinal()] = StatementClassifier.of(flavour);
        }
    }

    StatementClassifier of(SqlFlavour flavour) {
        return byFlavour[flavour.ordinal()];
    }
}
