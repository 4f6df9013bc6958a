package io.dualwrite.jdbc;

import io.dualwrite.mirror.DualTransaction;
import java.sql.SQLException;
import java.sql.Wrapper;

/** JDBC 4.3 section on wrapped objects: an interface that the proxy itself has is answered by the proxy. */
final class Unwrapping {
    private Unwrapping() {}

    static <T> T unwrap(Wrapper proxy, Wrapper delegate, Class<T> type) throws SQLException {
        if (type != null && type.isInstance(proxy)) {
            return type.cast(proxy);
        }
        if (type != null && type.isInstance(delegate)) {
            return type.cast(delegate);
        }
        return delegate.unwrap(type);
    }

    /** As {@link #unwrap}, of an object by which the database can be reached: one of the vendor's leads past the mirror. */
    static <T> T unwrap(DualTransaction transaction, Wrapper proxy, Wrapper delegate, Class<T> type)
            throws SQLException {
        T unwrapped = unwrap(proxy, delegate, type);
        if (unwrapped != proxy) {
            transaction.unmirrored().handedOut(type);
        }
        return unwrapped;
    }

    static boolean wraps(Wrapper proxy, Wrapper delegate, Class<?> type) throws SQLException {
        return type != null && (type.isInstance(proxy) || type.isInstance(delegate)) || delegate.isWrapperFor(type);
    }
}
