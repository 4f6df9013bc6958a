package io.dualwrite.simulation;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.tx.Transaction;

/**
 * Whoever meets a lock of a transaction that was once rolled back in part, be it for a failed statement, tries again and again in
 * H2, without a pause and past every limit, until that transaction ends. With one thread at a time it never would. So H2 is made
 * to forget the flag by which it knows.
 */
final class PartialRollback {
    /** Four bits of status and forty-one of the log's position lie below the flag. */
    private static final int STATUS_BITS = 4;

    private static final int LOG_BITS = 41;
    private static final long FLAG = 1L << (STATUS_BITS + LOG_BITS);

    private PartialRollback() {}

    static Transaction transaction(Connection raw) {
        return ((SessionLocal) ((JdbcConnection) raw).getSession()).getTransaction();
    }

    static void forget(Connection raw) {
        try {
            Field field = Transaction.class.getDeclaredField("statusAndLogId");
            field.setAccessible(true);
            AtomicLong state = (AtomicLong) field.get(transaction(raw));
            state.updateAndGet(now -> now & ~FLAG);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this H2 keeps its transactions otherwise", e);
        }
    }
}
