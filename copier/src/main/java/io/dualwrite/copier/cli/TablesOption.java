package io.dualwrite.copier.cli;

import io.dualwrite.copier.Selection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --table}. */
public final class TablesOption {
    @Option(
            names = "--table",
            split = ",",
            paramLabel = "TABLE",
            description = "Only this table, or these; the run then does not count for the gate.")
    private List<String> tables = new ArrayList<>();

    Selection of(Selection selection) {
        return selection.only(tables);
    }
}
