package io.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/** A question for a key that was generated before, as the text has it. Immutable. */
public final class KeyCall {
    /** The question itself, an expression without parameters; null where it has some. */
    public final @Nullable String expression;
    /** The argument by which it names a sequence; null where it asks for the key that was generated last, of whichever table. */
    public final @Nullable String sequence;
    /** Offset of its first character. */
    public final int start;
    /** Offset after its last character. */
    public final int end;

    private KeyCall(@Nullable String expression, @Nullable String sequence, int start, int end) {
        this.expression = expression;
        this.sequence = sequence;
        this.start = start;
        this.end = end;
    }

    /** The question from one token to another; the argument stands in brackets that end with the last one. */
    static KeyCall of(Tokens tokens, int first, int last, int bracket) {
        int start = tokens.start(first);
        int end = tokens.end(last);
        boolean steady = tokens.parametersBefore(first) == tokens.parametersBefore(last);
        boolean names = bracket >= 0 && bracket + 1 < last;
        return new KeyCall(
                steady ? tokens.sql.substring(start, end) : null,
                names ? tokens.sql.substring(tokens.start(bracket + 1), tokens.end(last - 1)) : null,
                start,
                end);
    }
}
