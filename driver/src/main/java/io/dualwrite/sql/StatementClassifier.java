package io.dualwrite.sql;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads SQL text and says what it does. Thread-safe; answers are cached by text, in bounded memory. */
public final class StatementClassifier {
    private final SqlFlavour flavour;
    private static final int SHORT = 512;

    /** Enough for an application that writes its values into its texts and has ten thousand of them: some 15 MB when full. */
    private final ClassificationCache shortTexts = new ClassificationCache(32_768, SHORT);

    private final ClassificationCache longTexts = new ClassificationCache(1_024, 8 * SHORT);

    private StatementClassifier(SqlFlavour flavour) {
        this.flavour = flavour;
    }

    /** A classifier for one vendor's SQL, with a cache of its own. */
    public static StatementClassifier of(SqlFlavour flavour) {
        return new StatementClassifier(flavour);
    }

    /** What the text does; never null, {@link Verb#UNKNOWN} where it is not known for certain. */
    public Classification classify(String sql) {
        ClassificationCache cache = cacheOf(sql);
        @Nullable Classification known = cache.get(sql);
        if (known != null) {
            return known;
        }
        Classification read = StatementReader.classify(sql, flavour);
        cache.put(read);
        return read;
    }

    /** What a text does that will hardly come again. */
    public static Classification classifyOnce(String sql, SqlFlavour flavour) {
        return StatementReader.classify(sql, flavour);
    }

    /**
     * Reads a text again of which more is known.
     *
     * @param users those of its {@link Classification#builtIns} that are names of the user's own functions as well
     */
    public static Classification again(Classification read, Set<String> users) {
        return StatementReader.classify(read.text, read.flavour, users);
    }

    /** Whether a function of this name, in lower case, counts as one that a vendor brings along. */
    public static boolean isBuiltIn(String name) {
        return BuiltIns.isOne(name);
    }

    /** As {@link Classification#leavesNothing}, at less cost where the text has been classified before. */
    public boolean leavesNothing(String sql) {
        return cacheOf(sql).knowsToLeaveNothing(sql) || classify(sql).leavesNothing();
    }

    private ClassificationCache cacheOf(String sql) {
        return sql.length() <= SHORT ? shortTexts : longTexts;
    }
}
