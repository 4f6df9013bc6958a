package io.dualwrite.jdbc;

import java.sql.SQLException;
import java.sql.Wrapper;

/** JDBC 4.3 section on wrapped objects: an interface that the proxy itself has is answered by the proxy. */
final class Unwrapping {
    private Unwrapping() {}

    static <T> T unwrap(Wrapper proxy, Wrapper delegate, Class<T> type) throws SQLException {
        if (type.isInstance(proxy)) {
            return type.cast(proxy);
        }
        if (type.isInstance(delegate)) {
            return type.cast(delegate);
        }
        return delegate.unwrap(type);
    }

    static boolean wraps(Wrapper proxy, Wrapper delegate, Class<?> type) throws SQLException {
        return type.isInstance(proxy) || type.isInstance(delegate) || delegate.isWrapperFor(type);
    }
}
