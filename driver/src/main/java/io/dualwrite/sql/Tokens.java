package io.dualwrite.sql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one text, in parallel arrays. A token's kind is one of the constants below or, for a symbol, the
 * character itself. Every index at or after {@link #count} is an {@link #END}. Filled by {@link SqlLexer}, then only
 * read.
 */
final class Tokens {
    static final char END = 0;
    static final char WORD = 'w';
    /** A quoted identifier. */
    static final char QUOTED = 'q';

    static final char STRING = 's';
    static final char NUMBER = 'n';
    static final char PARAMETER = '?';
    /** PostgreSQL's operator that JDBC writes as {@code ??}. */
    static final char OPERATOR = 'o';

    final String sql;
    /** The text's characters, with some behind its end that are {@link #END}. */
    final char[] chars;

    private char[] kinds;
    private int[] starts;
    private int[] ends;
    /** For an opening bracket the index of its closing one, or {@link #count} if it has none. */
    private int[] partners;

    private Keyword[] keywords;
    private int[] open = new int[8];
    private int depth;
    private int count;
    private int parameters;
    private @Nullable String flaw;
    private boolean hiddenSql;
    private boolean numberedParameters;

    Tokens(String sql, char[] chars) {
        this.sql = sql;
        this.chars = chars;
        int capacity = sql.length() / 4 + 16;
        kinds = new char[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        partners = new int[capacity];
        keywords = new Keyword[capacity];
    }

    // ------------------------------------------------------------------ filling

    void add(char kind, int start, int end) {
        add(kind, start, end, Keyword.NONE);
    }

    void add(char kind, int start, int end, Keyword keyword) {
        if (count == kinds.length) {
            grow();
        }
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        keywords[count] = keyword;
        count++;
    }

    void addOpening(char kind, int start) {
        add(kind, start, start + 1);
        if (depth == open.length) {
            open = Arrays.copyOf(open, depth * 2);
        }
        open[depth++] = count - 1;
    }

    void addClosing(char kind, int start) {
        add(kind, start, start + 1);
        char opening = kind == ')' ? '(' : kind == ']' ? '[' : '{';
        if (depth == 0 || kinds[open[depth - 1]] != opening) {
            flaw("brackets do not match");
            return;
        }
        partners[open[--depth]] = count - 1;
    }

    void addParameter(int start, int end) {
        add(PARAMETER, start, end);
        parameters++;
    }

    void close() {
        while (depth > 0) {
            flaw("brackets do not match");
            partners[open[--depth]] = count;
        }
    }

    /** Notes why the text cannot be read for certain; the first reason stays. */
    void flaw(String reason) {
        if (flaw == null) {
            flaw = reason;
        }
    }

    void hidesSql() {
        hiddenSql = true;
    }

    /** Takes a numbered parameter ({@code ?2}) into account. */
    void numbered(int number) {
        numberedParameters = true;
        parameters = Math.max(parameters - 1, number);
    }

    private void grow() {
        int capacity = count * 2;
        kinds = Arrays.copyOf(kinds, capacity);
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        partners = Arrays.copyOf(partners, capacity);
        keywords = Arrays.copyOf(keywords, capacity);
    }

    // ------------------------------------------------------------------ reading

    int count() {
        return count;
    }

    char kind(int index) {
        return index < count && index >= 0 ? kinds[index] : END;
    }

    Keyword keyword(int index) {
        return index < count && index >= 0 ? keywords[index] : Keyword.NONE;
    }

    boolean is(int index, Keyword keyword) {
        return keyword(index) == keyword;
    }

    /** Whether the token can be a name: a word, an identifier in quotes, or MariaDB's "…", which ANSI_QUOTES makes one. */
    boolean isName(int index) {
        char kind = kind(index);
        return kind == WORD || kind == QUOTED || kind == STRING && sql.charAt(starts[index]) == '"';
    }

    /** Whether the token is this word, which is lower case. */
    boolean isWord(int index, String word) {
        return kind(index) == WORD
                && ends[index] - starts[index] == word.length()
                && sql.regionMatches(true, starts[index], word, 0, word.length());
    }

    int start(int index) {
        return index < count ? starts[index] : sql.length();
    }

    /** Offset after the token. */
    int end(int index) {
        return index < 0 ? 0 : index < count ? ends[index] : sql.length();
    }

    /** The index of the bracket that closes the one at the index. */
    int partner(int index) {
        return partners[index];
    }

    /** The index after the bracket that opens at {@code index}, or after the token if it opens none. */
    int after(int index) {
        return opens(index) ? partners[index] + 1 : index + 1;
    }

    boolean opens(int index) {
        char kind = kind(index);
        return kind == '(' || kind == '[' || kind == '{';
    }

    String text(int index) {
        return sql.substring(start(index), end(index));
    }

    /** The token as a name, without its quotes. */
    String name(int index) {
        String text = text(index);
        if (kind(index) == WORD) {
            return text;
        }
        int quote = text.startsWith("U&") || text.startsWith("u&") ? 2 : 0;
        String mark = text.substring(quote, quote + 1);
        int last = text.length() > quote + 1 && text.endsWith(mark) ? text.length() - 1 : text.length();
        String inner = text.substring(quote + 1, last);
        return inner.contains(mark) ? inner.replace(mark + mark, mark) : inner;
    }

    int parameters() {
        return parameters;
    }

    /** The number of parameters before the token. */
    int parametersBefore(int index) {
        int before = 0;
        for (int i = 0; i < index && i < count; i++) {
            if (kinds[i] == PARAMETER) {
                before++;
            }
        }
        return before;
    }

    /** Why the text cannot be read for certain, or null. */
    @Nullable
    String flaw() {
        return flaw;
    }

    /** Whether a comment holds SQL that some servers run. */
    boolean hasHiddenSql() {
        return hiddenSql;
    }

    boolean hasNumberedParameters() {
        return numberedParameters;
    }
}
