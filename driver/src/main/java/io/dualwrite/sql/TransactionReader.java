package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what begins and ends transactions and savepoints. What does more than that (AND CHAIN, two phases) is UNKNOWN. */
final class TransactionReader {
    private final Reading reading;
    private final Tokens tokens;

    TransactionReader(Reading reading) {
        this.reading = reading;
        this.tokens = reading.tokens;
    }

    /** The statement's verb, or null if it is none of a transaction's. */
    @Nullable
    Verb read(int to) {
        Keyword first = reading.keyword();
        reading.at++;
        switch (first) {
            case BEGIN:
                return begin(to);
            case START:
                return reading.skip(Keyword.TRANSACTION) ? Verb.BEGIN : unknown("START starts more than a transaction");
            case COMMIT:
                return end(Verb.COMMIT, to);
            case END:
                return reading.postgres() ? end(Verb.COMMIT, to) : unknown("END ends no statement");
            case ROLLBACK:
                return rollback(to);
            case ABORT:
                return reading.postgres() ? end(Verb.ROLLBACK, to) : unknown("ABORT is not known");
            case SAVEPOINT:
                return savepoint(Verb.SAVEPOINT, to);
            case RELEASE:
                reading.skip(Keyword.SAVEPOINT);
                return savepoint(Verb.RELEASE_SAVEPOINT, to);
            case XA:
                return oneSided("it commits in two phases");
            default:
                reading.at--;
                return null;
        }
    }

    private Verb unknown(String reason) {
        reading.doubt(reason);
        return Verb.UNKNOWN;
    }

    private Verb oneSided(String reason) {
        reading.trait(Trait.ONE_SIDED_END);
        return unknown(reason);
    }

    private void skipNoise() {
        if (!reading.skip(Keyword.WORK)) {
            reading.skip(Keyword.TRANSACTION);
        }
    }

    private Verb begin(int to) {
        skipNoise();
        boolean modes = reading.at == to || reading.postgres() && !reading.is(Keyword.ATOMIC);
        return modes ? Verb.BEGIN : unknown("BEGIN begins a block of code");
    }

    private Verb end(Verb verb, int to) {
        skipNoise();
        if (reading.skip(Keyword.AND, Keyword.NO)) {
            reading.skip(Keyword.CHAIN);
        }
        if (reading.skip(Keyword.NO)) {
            reading.skip(Keyword.RELEASE);
        }
        if (reading.at == to) {
            return verb;
        }
        if (reading.is(Keyword.AND)) {
            return oneSided("AND CHAIN begins the next transaction at once");
        }
        return oneSided(
                reading.is(Keyword.RELEASE)
                        ? "RELEASE closes the connection"
                        : "it may end a transaction of two phases");
    }

    private Verb rollback(int to) {
        int after = reading.at;
        skipNoise();
        if (!reading.skip(Keyword.TO)) {
            reading.at = after;
            return end(Verb.ROLLBACK, to);
        }
        reading.skip(Keyword.SAVEPOINT);
        return savepoint(Verb.ROLLBACK_TO_SAVEPOINT, to);
    }

    private Verb savepoint(Verb verb, int to) {
        if (reading.at != to - 1 || !tokens.isName(reading.at)) {
            return unknown("a savepoint's name cannot be made out");
        }
        reading.found.name = asKept(tokens.name(reading.at), tokens.text(reading.at));
        return verb;
    }

    /** The name as the server keeps it, by which it tells it from others: one without quotes is folded. */
    private String asKept(String name, String text) {
        if (reading.mariadb() || !name.equals(text)) {
            return name;
        }
        return reading.postgres() ? name.toLowerCase(Locale.ROOT) : name.toUpperCase(Locale.ROOT);
    }
}
