package io.dualwrite.copier.check;

import io.dualwrite.config.Manifest.DataClass;

/** What is rolled back is undone: some of MariaDB's engines keep it, so that no transaction of two databases can hold such a table. */
final class Engines implements TableCheck {
    @Override
    public String name() {
        return "engines";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        if (pair.dataClass() == DataClass.A) {
            look(pair.from(), pair.name(), pair.source(), findings);
            look(pair.to(), pair.name(), pair.target(), findings);
        }
    }

    private static void look(TableFacts table, String name, String side, Findings findings) {
        if (!table.shape().transactional) {
            findings.problem(
                    "its engine on " + side
                            + " has no transactions: what is rolled back stays there, and its writes are"
                            + " marked whole in 3 and 5 and refused while crossing",
                    "ALTER TABLE " + name + " ENGINE=InnoDB on " + side);
        }
    }
}
