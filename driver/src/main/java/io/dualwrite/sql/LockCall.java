package io.dualwrite.sql;

/** A call of a function that takes a session's lock or lets it go, as the text has it. Immutable. */
public final class LockCall {
    /** The function in lower case. */
    public final String routine;
    /** The expression of its first argument, which is the lock's name on MariaDB; empty where it has none. */
    public final String argument;
    /** How many {@code ?} stand before the argument. */
    public final int parametersBefore;
    /** How many {@code ?} stand behind it. */
    public final int parametersBehind;

    private LockCall(String routine, String argument, int parametersBefore, int parametersBehind) {
        this.routine = routine;
        this.argument = argument;
        this.parametersBefore = parametersBefore;
        this.parametersBehind = parametersBehind;
    }

    /** The call whose arguments begin at the opening bracket. */
    static LockCall of(String routine, Tokens tokens, int bracket) {
        int end = bracket + 1;
        int close = tokens.partner(bracket);
        while (end < close && tokens.kind(end) != ',') {
            end = tokens.after(end);
        }
        String argument =
                end == bracket + 1 ? "" : tokens.sql.substring(tokens.start(bracket + 1), tokens.end(end - 1));
        return new LockCall(
                routine,
                argument,
                tokens.parametersBefore(bracket),
                tokens.parameters() - tokens.parametersBefore(end));
    }
}
