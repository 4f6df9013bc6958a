package io.dualwrite.copier.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes. */
final class Console {
    private Console() {}

    /** @param spec the command's own, which picocli sets before it runs it */
    static PrintWriter out(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the command before it runs it");
        }
        return spec.commandLine().getOut();
    }
}
