package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.LockCall;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers what outlives a connection's transactions (R22), on the leg that commits first; where that is not given, it is
 * opened only when it has to be asked. Used by the transaction's thread alone.
 */
final class OutlivingServer implements Outliving.Server {
    private final DualTransaction transaction;
    private final @Nullable Leg first;
    private final @Nullable Leg read;

    /** Asks the legs of the transaction. */
    OutlivingServer(DualTransaction transaction) {
        this(transaction, null, null);
    }

    /**
     * Asks these legs, outside of a transaction.
     *
     * @param first the authority's, of locks
     * @param read the one that is read, which has all temporary tables, alone where the vendors differ
     */
    OutlivingServer(DualTransaction transaction, @Nullable Leg first, @Nullable Leg read) {
        this.transaction = transaction;
        this.first = first;
        this.read = read;
    }

    private Leg first() throws SQLException {
        Leg given = first;
        return given == null ? transaction.on(transaction.rung().authority()) : given;
    }

    private Leg read() throws SQLException {
        Leg given = read;
        return given == null ? transaction.on(transaction.rung().reads()) : given;
    }

    @Override
    public boolean hasTemporary(TableName table) throws SQLException {
        return read().hasTemporary(table);
    }

    @Override
    public boolean hasAny(TableName table) throws SQLException {
        Leg leg = read();
        return transaction.answering(leg, on -> Relations.any(on.connection, table));
    }

    @Override
    public @Nullable Boolean hasLocks() throws SQLException {
        return first().hasLocks();
    }

    /** Where both databases are on one server, old's session has what is locked; one that cannot be asked may have it. */
    @Override
    public boolean holdsLock(String name) throws SQLException {
        Rung now = transaction.rung();
        if (!now.dual() || now.authority() == Side.OLD || !transaction.oldThenNew.sharesLocks()) {
            return first().holdsLock(name);
        }
        Leg holder = transaction.on(Side.OLD);
        return holder.side != Side.OLD || holder.holdsLock(name);
    }

    @Override
    public @Nullable String lockName(LockCall call, WriteRequest request) throws SQLException {
        return first().lockName(call, request);
    }
}
