package io.dualwrite.copier.check;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.Verb;

/**
 * What a server writes behind a statement, and the other, which is given its rows, does not or does more often: functions that defaults call,
 * triggers of whole statements.
 */
final class OneSided implements TableCheck {
    private static final String COMES_TO =
            "; it may write: writes that run it are marked whole, with what it writes, in 3 and 5 and refused while crossing";

    private final Settings settings;

    OneSided(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "onesided";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        if (pair.dataClass() == DataClass.A) {
            look(pair.from(), pair.source(), findings);
            look(pair.to(), pair.target(), findings);
        }
    }

    private void look(TableFacts table, String side, Findings findings) {
        for (TableShape.Trigger trigger : table.shape().triggers) {
            if (trigger.countsRows(Verb.MERGE, true) && settings.mayWrite(trigger.name, trigger.routine)) {
                findings.problem(
                        "the trigger " + trigger + " on " + side
                                + " runs for whole statements, and the other side is given their rows one by one"
                                + COMES_TO,
                        "say routine." + trigger.name
                                + " = reads where it writes nothing, else make it one FOR EACH ROW");
            }
        }
        for (Column column : table.shape().columns) {
            for (String function : column.calledByDefault) {
                if (settings.mayWrite(function)) {
                    findings.problem(
                            "the default of " + TablePair.lower(column) + " on " + side + " calls " + function
                                    + COMES_TO,
                            "say routine." + function
                                    + " = reads where it writes nothing, else drop the default and let"
                                    + " the application give the value");
                }
            }
        }
    }
}
