package io.dualwrite.stepkill;

import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the copier does on a dual rung. */
enum CopierWork {
    SYNC,
    REPAIR;

    /** The words of the command line that make rows of the other side agree with the authority's. */
    String[] command(Side authority, Path file) {
        List<String> words = new ArrayList<>(List.of(name().toLowerCase(Locale.ROOT), "-c", file.toString()));
        if (authority == Side.NEW) {
            words.add("--down");
        }
        return words.toArray(new String[0]);
    }
}
