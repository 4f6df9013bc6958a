package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import java.sql.CallableStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a callable statement knows beyond its parameters by index: parameters by name and registered results, in the order in
 * which they were first set. Not thread-safe.
 */
final class CallParameters {

    /** Sets one parameter, or registers one result. */
    interface Binding {
        void bind(CallableStatement statement) throws SQLException;
    }

    private final Map<Object, Binding> results = new LinkedHashMap<>();
    private final Map<String, Binding> named = new LinkedHashMap<>();
    private final Map<String, Spool> spools = new LinkedHashMap<>();

    /** A result, by index or name. */
    void register(Object result, Binding binding) {
        results.put(result, binding);
    }

    /** A parameter by name, with the spool that holds its stream. */
    void set(String name, Binding binding, @Nullable Spool spool) {
        Spool former = spool == null ? spools.remove(name) : spools.put(name, spool);
        if (former != null) {
            former.release();
        }
        named.put(name, binding);
    }

    /** Forgets the parameters, not the results, as {@code clearParameters} does. */
    void clear() {
        spools.values().forEach(Spool::release);
        spools.clear();
        named.clear();
    }

    /**
     * What is set by now, for an entry of a batch.
     *
     * @throws SQLException SQLSTATE 0A000 where a stream is among it, which ends with the next one of its name
     */
    CallParameters copy() throws SQLException {
        if (!spools.isEmpty()) {
            throw new SQLFeatureNotSupportedException(
                    "A stream is set by name (" + spools.keySet()
                            + ") in a batch of calls, which is not kept while both"
                            + " databases are written; set it by index",
                    SqlState.REFUSED.code());
        }
        CallParameters copy = new CallParameters();
        copy.results.putAll(results);
        copy.named.putAll(named);
        return copy;
    }

    /** Registers and sets everything on a statement. */
    void applyTo(CallableStatement statement) throws SQLException {
        for (Binding result : results.values()) {
            result.bind(statement);
        }
        for (Binding parameter : named.values()) {
            parameter.bind(statement);
        }
    }
}
