package io.dualwrite.copier.cli;

import io.dualwrite.copier.propose.Proposal;
import io.dualwrite.copier.propose.Proposer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite manifest}. */
@Command(
        name = "manifest",
        mixinStandardHelpOptions = true,
        description =
                "Proposes Data A and Data B from old's catalogue, as lines for the properties file; writes nothing.")
public final class ManifestCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--statements",
            paramLabel = "FILE",
            description = "A log of the application's and its batches' statements: SQL, PostgreSQL's or MariaDB's log.")
    private @Nullable Path statements;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Proposal proposal = new Proposer(file.settings()).propose(statements);
        output.write(Console.out(spec), proposal, out -> print(out, proposal));
        return ExitCode.FINE;
    }

    private static void print(PrintWriter out, Proposal proposal) {
        out.println("# Proposed by dualwrite manifest from the catalogue"
                + (proposal.statements() == 0 ? "" : " and " + proposal.statements() + " statements")
                + ": read it, correct it,");
        out.println("# and put it into every instance's file. What is in doubt is Data A.");
        Set<String> told = new HashSet<>();
        for (Proposal.Table table : proposal.tables()) {
            if (!told.contains(table.table())) {
                neighbourhood(out, proposal, table, told);
            }
        }
        proposal.notes().forEach(note -> out.println("# " + note));
        out.println();
        list(out, "dataA", proposal.dataA());
        list(out, "dataB", proposal.dataB());
    }

    /** Tables that foreign keys tie together are judged together. */
    private static void neighbourhood(PrintWriter out, Proposal proposal, Proposal.Table first, Set<String> told) {
        List<Proposal.Table> together = new ArrayList<>();
        for (Proposal.Table table : proposal.tables()) {
            if (table.equals(first) || first.neighbours().contains(table.table())) {
                together.add(table);
            }
        }
        out.println("#");
        for (Proposal.Table table : together) {
            told.add(table.table());
            out.println("# " + table.table() + " - Data " + table.dataClass() + ": " + String.join("; ", table.why()));
        }
    }

    private static void list(PrintWriter out, String key, List<String> names) {
        if (names.isEmpty()) {
            out.println("# " + key + ": no table");
        } else {
            out.println(key + " = " + String.join(", \\\n" + " ".repeat(key.length() + 3), names));
        }
    }
}
