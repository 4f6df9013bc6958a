package io.dualwrite.copier.cli;

import io.dualwrite.copier.plan.WrongInput;
import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code dualwrite}. */
@Command(
        name = "dualwrite",
        mixinStandardHelpOptions = true,
        version = "dualwrite 0.1.0",
        description = "Moves a running JDBC application from one database to another, and back, while nobody notices.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 fine, 1 differences or a shut gate, 2 usage, 3 failure."})
public final class DualwriteCli {
    private DualwriteCli() {}

    /** Runs the command of the arguments and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command of the arguments on this process's console and gives back its {@link ExitCode}. */
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    /** Runs the command of the arguments, writing to the given places, and gives back its {@link ExitCode}. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return commandLine().setOut(out).setErr(err).execute(args);
    }

    private static List<CliCommand> ownCommands() {
        return List.of(
                new InitCommand(),
                new CheckCommand(),
                new ManifestCommand(),
                new GateCommand(),
                new RetreatCommand(),
                new ForceCommand(),
                new StatusCommand(),
                new CopyCommand(),
                new FreezeCommand(),
                new SyncCommand(),
                new VerifyCommand(),
                new RepairCommand(),
                new SequencesCommand(),
                new RetireCommand());
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new DualwriteCli());
        ownCommands().forEach(line::addSubcommand);
        ServiceLoader.load(CliCommand.class).forEach(line::addSubcommand);
        line.setExecutionExceptionHandler(DualwriteCli::failed);
        return line;
    }

    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println("dualwrite " + line.getCommandName() + ": " + sentence(failure));
        line.getErr().flush();
        if (line.getParseResult().hasMatchedOption("--json")) {
            OutputOption.writeLine(line.getOut(), new Refusal(sentence(failure)));
        }
        return failure instanceof WrongInput ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message.strip();
    }
}
