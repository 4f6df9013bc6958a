package io.dualwrite.copier.cli;

/** What a command tells the shell. */
public final class ExitCode {
    /** All is as asked for. */
    public static final int FINE = 0;
    /** The command worked, and found differences or a shut gate. */
    public static final int DIFFERENCES = 1;
    /** The command line or the properties file cannot be followed; nothing was changed. */
    public static final int USAGE = 2;
    /** The command began and failed. */
    public static final int FAILURE = 3;

    private ExitCode() {}
}
