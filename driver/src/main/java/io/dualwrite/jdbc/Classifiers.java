package io.dualwrite.jdbc;

import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.StatementClassifier;
import java.util.EnumMap;
import java.util.Map;

/** A classifier per flavour of SQL, each with its cache, shared by the connections of an instance. Thread-safe. */
public final class Classifiers {
    private final Map<SqlFlavour, StatementClassifier> byFlavour = new EnumMap<>(SqlFlavour.class);

    /** Classifiers for all flavours. */
    public Classifiers() {
        for (SqlFlavour flavour : SqlFlavour.values()) {
            byFlavour.put(flavour, StatementClassifier.of(flavour));
        }
    }

    StatementClassifier of(SqlFlavour flavour) {
        StatementClassifier classifier = byFlavour.get(flavour);
        if (classifier == null) {
            throw new IllegalStateException("no classifier for " + flavour);
        }
        return classifier;
    }
}
