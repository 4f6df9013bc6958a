package io.dualwrite.copier.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what one check finds, about one table or about the databases as a whole. Not thread-safe. */
final class Findings {
    private final List<Finding> all;
    private final String check;
    private final @Nullable String table;

    private Findings(List<Finding> all, String check, @Nullable String table) {
        this.all = all;
        this.check = check;
        this.table = table;
    }

    static Findings empty() {
        return new Findings(new ArrayList<>(), "", null);
    }

    /** The same collection, for another check. */
    Findings of(String otherCheck, @Nullable String otherTable) {
        return new Findings(all, otherCheck, otherTable);
    }

    void ok(String sentence) {
        all.add(new Finding(Level.OK, check, table, sentence, null));
    }

    void note(String sentence, @Nullable String whatToDo) {
        all.add(new Finding(Level.NOTE, check, table, sentence, whatToDo));
    }

    void problem(String sentence, String whatToDo) {
        all.add(new Finding(Level.PROBLEM, check, table, sentence, whatToDo));
    }

    List<Finding> list() {
        return List.copyOf(all);
    }
}
