package io.dualwrite.contract;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Draws the next step of a walk: mostly on what the walk has in hand by now. */
final class Grammar {
    static final List<String> RESULTS = List.of("r", "s");
    private static final List<String> STATEMENTS = List.of("a", "b");
    private static final List<String> PREPARED = List.of("p", "q");

    private final Draw draw;
    private final StatementSteps statements;
    private final PreparedSteps prepared;
    private final ResultSteps results;
    private final ConnectionSteps connection;
    private final Set<String> made = new HashSet<>();

    Grammar(Random random, Fixture fixture, boolean dual) {
        draw = new Draw(random, fixture, dual);
        Texts texts = new Texts(draw);
        statements = new StatementSteps(draw, texts);
        prepared = new PreparedSteps(draw, texts, statements);
        results = new ResultSteps(draw);
        connection = new ConnectionSteps(draw);
    }

    Step step() {
        int chance = draw.below(100);
        if (chance < 18) {
            return connection.any();
        }
        if (chance < 38) {
            return results.on(draw.of(RESULTS));
        }
        if (chance < 70) {
            String name = draw.of(STATEMENTS);
            return made.add(name) || draw.oneIn(12) ? statements.made(name) : statements.on(name);
        }
        String name = draw.of(PREPARED);
        if (made.add(name) || draw.oneIn(8)) {
            return prepared.made(name);
        }
        return draw.oneIn(5) ? statements.on(name) : prepared.on(name);
    }
}
