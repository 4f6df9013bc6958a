package io.dualwrite.wire;

/**
 * What a client sends in one go before it waits for an answer.
 *
 * @param connection the number of the connection at its proxy, from 1
 * @param kind what it is
 * @param text the SQL, statements of one request joined by semicolons; empty where there is none
 */
public record Request(int connection, Kind kind, String text) {

    /** The kinds of requests. */
    public enum Kind {
        /** The client opens the connection: its first message and the server's to that; what follows passes. */
        CONNECT,
        /** SQL, or anything else that is answered. */
        STATEMENT
    }

    /** The first word of each statement, in capitals: what a list of requests shows. */
    public String verbs() {
        if (kind == Kind.CONNECT) {
            return "CONNECT";
        }
        StringBuilder verbs = new StringBuilder();
        for (String statement : text.split(";")) {
            String word = statement.strip().split("\\s+|\\(", 2)[0];
            if (!word.isEmpty()) {
                verbs.append(verbs.length() == 0 ? "" : "+").append(word.toUpperCase(java.util.Locale.ROOT));
            }
        }
        return verbs.length() == 0 ? "OTHER" : verbs.toString();
    }
}
