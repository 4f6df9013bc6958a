package io.dualwrite.sql;

/**
 * Cuts a text into {@link Tokens} by one vendor's lexical rules, at the vendor's default settings: backslashes escape in
 * MariaDB's strings and in PostgreSQL's {@code E'…'} only. Used once, by one thread. Whatever the text, it ends and throws
 * nothing; what is not closed is noted as a flaw.
 */
final class SqlLexer {
    private static final int LOOK_AHEAD = 4;
    private static final boolean[] NAME_PARTS = new boolean[0x80];

    static {
        for (char c = 0; c < NAME_PARTS.length; c++) {
            NAME_PARTS[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '$';
        }
    }

    private final String sql;
    /** The text's characters with {@link Tokens#END} behind them, so that looking a little ahead needs no look at the length. */
    private final char[] chars;

    private final int length;
    private final boolean postgres;
    private final boolean mariadb;
    private final boolean h2;
    private final Tokens tokens;
    private int at;
    /** Of the word whose end was looked for last. */
    private int wordHash;

    private int hiddenDepth;
    /** End of the last {@code E'…'} string, whose rules hold for a string that goes on in the next line; or -1. */
    private int escapedUntil = -1;

    private SqlLexer(String sql, SqlFlavour flavour) {
        this.sql = sql;
        length = sql.length();
        chars = new char[length + LOOK_AHEAD];
        sql.getChars(0, length, chars, 0);
        postgres = flavour == SqlFlavour.POSTGRESQL;
        mariadb = flavour == SqlFlavour.MARIADB;
        h2 = flavour == SqlFlavour.H2;
        tokens = new Tokens(sql, chars);
    }

    static Tokens read(String sql, SqlFlavour flavour) {
        SqlLexer lexer = new SqlLexer(sql, flavour);
        while (lexer.at < lexer.length) {
            lexer.next();
        }
        if (lexer.hiddenDepth > 0) {
            lexer.tokens.flaw("a comment is not closed");
        }
        lexer.tokens.close();
        return lexer.tokens;
    }

    private void next() {
        char c = charAt(at);
        if (c <= ' ') {
            at++;
        } else if (startsName(c)) {
            word();
        } else if (isDigit(c)) {
            number();
        } else if (!comment(c) && !quote(c)) {
            symbol(c);
        }
    }

    // ------------------------------------------------------------------ words and numbers

    private void word() {
        int start = at;
        at = nameEnd(at);
        char next = charAt(at);
        if (next == '\'' && postgres && at - start == 1 && (charAt(start) | 0x20) == 'e') {
            string('\'', start, true);
            escapedUntil = at;
        } else if (next == '&' && !mariadb && at - start == 1 && (charAt(start) | 0x20) == 'u') {
            unicode(start);
        } else {
            addWord(start);
        }
    }

    private void addWord(int start) {
        boolean member = tokens.kind(tokens.count() - 1) == '.';
        tokens.add(Tokens.WORD, start, at, member ? Keyword.NONE : Keyword.at(chars, start, at, wordHash));
    }

    /** {@code U&'…'} and {@code U&"…"}. */
    private void unicode(int start) {
        char mark = charAt(at + 1);
        if (mark == '\'') {
            at++;
            string(mark, start, false);
        } else if (mark == '"') {
            at++;
            identifier(mark, start);
            if (sql.indexOf('\\', start) >= 0 && sql.indexOf('\\', start) < at) {
                tokens.flaw("a name is written with Unicode escapes");
            }
        } else {
            addWord(start);
        }
    }

    private void number() {
        int start = at;
        char radix = (char) (charAt(at + 1) | 0x20);
        if (charAt(at) == '0' && (radix == 'x' || radix == 'b' || radix == 'o' && postgres)) {
            at = nameEnd(at);
            tokens.add(Tokens.NUMBER, start, at);
            return;
        }
        digits();
        boolean whole = charAt(at) != '.' || mariadb && tokens.kind(tokens.count() - 1) == '.';
        if (!whole) {
            at++;
            digits();
        }
        exponent();
        if (mariadb && whole && isNamePart(charAt(at))) {
            at = nameEnd(at);
            addWord(start);
        } else {
            tokens.add(Tokens.NUMBER, start, at);
        }
    }

    private void digits() {
        while (isDigit(charAt(at)) || !mariadb && charAt(at) == '_' && isDigit(charAt(at + 1))) {
            at++;
        }
    }

    private void exponent() {
        if ((charAt(at) | 0x20) == 'e') {
            char sign = charAt(at + 1);
            int first = sign == '+' || sign == '-' ? at + 2 : at + 1;
            if (isDigit(charAt(first))) {
                at = first;
                digits();
            }
        }
    }

    // ------------------------------------------------------------------ comments

    private boolean comment(char c) {
        char next = charAt(at + 1);
        if (c == '-' && next == '-' && (!mariadb || at + 2 >= length || charAt(at + 2) <= ' ')
                || c == '#' && mariadb
                || c == '/' && next == '/' && h2) {
            lineComment();
            return true;
        }
        if (c == '/' && next == '*') {
            blockComment();
            return true;
        }
        if (c == '*' && next == '/' && hiddenDepth > 0) {
            hiddenDepth--;
            at += 2;
            return true;
        }
        return false;
    }

    private void lineComment() {
        while (at < length && charAt(at) != '\n' && (mariadb || charAt(at) != '\r')) {
            at++;
        }
    }

    private void blockComment() {
        if (mariadb && (charAt(at + 2) == '!' || charAt(at + 2) == 'M' && charAt(at + 3) == '!')) {
            tokens.hidesSql();
            hiddenDepth++;
            at = sql.indexOf('!', at) + 1;
            while (isDigit(charAt(at))) {
                at++;
            }
            return;
        }
        at += 2;
        for (int depth = 1; depth > 0; at++) {
            if (at + 1 >= length) {
                tokens.flaw("a comment is not closed");
                at = length;
                return;
            }
            if (charAt(at) == '*' && charAt(at + 1) == '/') {
                depth--;
                at++;
            } else if (!mariadb && charAt(at) == '/' && charAt(at + 1) == '*') {
                depth++;
                at++;
            }
        }
    }

    // ------------------------------------------------------------------ quotes

    private boolean quote(char c) {
        if (c == '\'' || c == '"' && mariadb) {
            boolean goesOn = escapedUntil >= 0
                    && tokens.end(tokens.count() - 1) == escapedUntil
                    && sql.substring(escapedUntil, at).indexOf('\n') >= 0;
            string(c, at, mariadb || goesOn);
            escapedUntil = goesOn ? at : -1;
            return true;
        }
        if (c == '"' || c == '`' && !postgres) {
            identifier(c, at);
            return true;
        }
        return c == '$' && !mariadb && dollarQuote();
    }

    /** Reads a string whose opening quote stands at {@link #at}. */
    private void string(char mark, int start, boolean backslashEscapes) {
        for (at++; at < length; at++) {
            char c = charAt(at);
            if (c == '\\' && backslashEscapes) {
                at++;
            } else if (c == mark) {
                if (charAt(at + 1) != mark) {
                    at++;
                    tokens.add(Tokens.STRING, start, at);
                    return;
                }
                at++;
            }
        }
        at = length;
        tokens.flaw("a string is not closed");
        tokens.add(Tokens.STRING, start, at);
    }

    private void identifier(char mark, int start) {
        for (at++; at < length; at++) {
            if (charAt(at) == mark) {
                if (charAt(at + 1) != mark) {
                    at++;
                    tokens.add(Tokens.QUOTED, start, at);
                    return;
                }
                at++;
            }
        }
        tokens.flaw("a quoted name is not closed");
        tokens.add(Tokens.QUOTED, start, at);
    }

    private boolean dollarQuote() {
        int tagEnd = at + 1;
        if (postgres && startsName(charAt(tagEnd))) {
            while (isNamePart(charAt(tagEnd)) && charAt(tagEnd) != '$') {
                tagEnd++;
            }
        }
        if (charAt(tagEnd) != '$') {
            return false;
        }
        String tag = sql.substring(at, tagEnd + 1);
        int close = sql.indexOf(tag, tagEnd + 1);
        if (close < 0) {
            tokens.flaw("a dollar quote is not closed");
        }
        int start = at;
        at = close < 0 ? length : close + tag.length();
        tokens.add(Tokens.STRING, start, at);
        return true;
    }

    // ------------------------------------------------------------------ symbols

    private void symbol(char c) {
        switch (c) {
            case '(':
            case '[':
            case '{':
                tokens.addOpening(c, at++);
                break;
            case ')':
            case ']':
            case '}':
                tokens.addClosing(c, at++);
                break;
            case '?':
                parameter();
                break;
            case '.':
                if (isDigit(charAt(at + 1)) && !tokens.isName(tokens.count() - 1)) {
                    number();
                } else {
                    tokens.add('.', at, ++at);
                }
                break;
            case '\\':
                tokens.flaw("a backslash stands outside of quotes");
                tokens.add(c, at, ++at);
                break;
            default:
                tokens.add(c, at, ++at);
                break;
        }
    }

    /** JDBC: {@code ?} is a parameter everywhere outside of quotes and comments; {@code ??} is PostgreSQL's operator. */
    private void parameter() {
        int start = at++;
        if (postgres && charAt(at) == '?') {
            at++;
            tokens.add(Tokens.OPERATOR, start, at);
            return;
        }
        int number = 0;
        while (h2 && isDigit(charAt(at)) && number < 10_000) {
            number = number * 10 + charAt(at++) - '0';
        }
        tokens.addParameter(start, at);
        if (number > 0) {
            tokens.numbered(number);
        }
    }

    // ------------------------------------------------------------------ characters

    /** The character, which may be up to {@link #LOOK_AHEAD} behind the end. */
    private char charAt(int index) {
        return chars[index];
    }

    private int nameEnd(int from) {
        int end = from;
        int hash = 0;
        for (char c = chars[end]; isNamePart(c); c = chars[++end]) {
            hash = WordTable.hash(hash, c);
        }
        wordHash = hash;
        return end;
    }

    private boolean startsName(char c) {
        return isNamePart(c) && !isDigit(c) && (c != '$' || mariadb);
    }

    private static boolean isNamePart(char c) {
        return c >= 0x80 || NAME_PARTS[c];
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
