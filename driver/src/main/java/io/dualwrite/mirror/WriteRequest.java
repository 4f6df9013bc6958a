package io.dualwrite.mirror;

import io.dualwrite.sql.Classification;
import io.dualwrite.sql.TableName;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A statement as the application asked for it, most often a write of Data A: text, values, and which keys it wants back. Immutable, but
 * that another thread may cancel it.
 */
public final class WriteRequest {

    /** Sets the application's values on a statement of ours. */
    public interface Binder {
        /** No parameters. */
        Binder NONE = new Binder() {
            @Override
            public void bind(PreparedStatement statement, int from) {
                // There are none.
            }

            @Override
            public boolean isPlain(int parameters) {
                return parameters == 0;
            }

            @Override
            public Binder snapshot() {
                return this;
            }

            @Override
            public @Nullable Object plainValue(int parameter) {
                return null;
            }
        };

        /** Sets the values after the first {@code from}, beginning at parameter 1; a negative one leaves places free before them. */
        void bind(PreparedStatement statement, int from) throws SQLException;

        /** Whether so many values are there, none of them a stream or a large object, so that setting them asks no server. */
        boolean isPlain(int parameters);

        /** The plain values as they are now, whatever the application sets next. */
        Binder snapshot();

        /** The parameter's value, from 1; null also where it is a stream or a large object, or not set. */
        @Nullable
        Object plainValue(int parameter);
    }

    public final String sql;
    public final Classification classification;
    final Binder binder;
    final KeyRequest keys;
    final Terms terms;
    /** The request that the application may cancel in place of this one. */
    private final @Nullable WriteRequest origin;

    private volatile boolean cancelled;

    public WriteRequest(String sql, Classification classification, Binder binder, KeyRequest keys, Terms terms) {
        this(sql, classification, binder, keys, terms, null);
    }

    private WriteRequest(
            String sql,
            Classification classification,
            Binder binder,
            KeyRequest keys,
            Terms terms,
            @Nullable WriteRequest origin) {
        this.sql = sql;
        this.classification = classification;
        this.binder = binder;
        this.keys = keys;
        this.terms = terms;
        this.origin = origin;
    }

    /** The same request by another text with the same parameters. */
    WriteRequest withText(String text, Classification read) {
        return new WriteRequest(text, read, binder, keys, terms, this);
    }

    /** The same request, of which more is known. */
    public WriteRequest readAs(Classification read) {
        return withText(sql, read);
    }

    /** The value of a parameter, from 1; null also where that is a stream or a large object, or not set. */
    public @Nullable Object value(int parameter) {
        return binder.plainValue(parameter);
    }

    /** Whether the application wants generated keys back. */
    public boolean wantsKeys() {
        return keys.wanted();
    }

    /** The application asked for its end; from any thread. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled || origin != null && origin.isCancelled();
    }

    /**
     * Whether the server is to be given the text as it is, which a prepared statement of the vendor's does not do: it processes escapes
     * and takes each question mark for a parameter, as which PostgreSQL has operators.
     */
    boolean isVerbatim() {
        return binder == Binder.NONE && (!terms.escapes || classification.parameters() > 0);
    }

    TableName table() {
        return classification.writes().get(0);
    }
}
