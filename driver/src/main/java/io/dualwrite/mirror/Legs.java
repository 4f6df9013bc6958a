package io.dualwrite.mirror;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one or two legs of an application connection, opened when first needed. */
public final class Legs {
    private final Mirroring shared;
    private final LegOpener opener;
    private final Supplier<Rung> rung;
    private final Session session = new Session();
    /** Made when a leg is opened later than with the connection, which most connections never do. */
    private @Nullable ReentrantLock opening;

    private volatile @Nullable Leg oldLeg;
    private volatile @Nullable Leg newLeg;
    private volatile boolean closed;
    /** Whose object of the vendor's the application was given first, or null. */
    private volatile @Nullable Side handedOut;

    /** @param rung that of the open transaction, or the one on which the next would run */
    Legs(Mirroring shared, LegOpener opener, Supplier<Rung> rung) {
        this.shared = shared;
        this.opener = opener;
        this.rung = rung;
    }

    /** What the application has set on its connection, for legs that are opened later. */
    public Session session() {
        return session;
    }

    /** The side's leg if it is open and not lost, or null. */
    public @Nullable Leg existing(Side side) {
        Leg leg = known(side);
        return leg == null || leg.isLost() ? null : leg;
    }

    /** The application was given the vendor's connection of the side, and may have set something there that no other leg has. */
    void handedOut(Side side) {
        if (handedOut == null) {
            handedOut = side;
        }
    }

    /** Whether what was set so may be missing on the side's leg. */
    boolean mayLack(Side side) {
        Side given = handedOut;
        return given != null && given != side;
    }

    /** Whether a text of the one side's SQL is of the other's too, as far as the legs are open. */
    boolean areOneVendors() {
        Leg one = existing(Side.OLD);
        Leg other = existing(Side.NEW);
        return one == null || other == null || one.dialect.vendor() == other.dialect.vendor();
    }

    private @Nullable Leg known(Side side) {
        return side == Side.OLD ? oldLeg : newLeg;
    }

    /**
     * The side's leg, opened on this thread where there is none.
     *
     * @throws SQLException the vendor's own; where both sides must succeed, with what that means and what to do
     */
    public Leg open(Side side) throws SQLException {
        Leg leg = known(side);
        if (leg != null && leg.isOutdated() && rung.get().mirror() != side) {
            // As the mirror it would have been opened anew before its next transaction.
            leave(leg);
            leg = null;
        }
        return leg == null ? openOnce(side) : leg;
    }

    /**
     * The leg that the connection starts with, before any other thread can know of the connection.
     *
     * @throws SQLException the vendor's own; where both sides must succeed, with what that means and what to do
     */
    public Leg first() throws SQLException {
        return opened(rung.get().reads());
    }

    /**
     * Sees to it that the side's leg is there, for no longer than that.
     *
     * @throws SQLException the vendor's own, or SQLSTATE 57014 where it took too long
     */
    void openWithin(Side side, long nanos) throws SQLException {
        if (known(side) != null) {
            return;
        }
        Lock opening = opening();
        opening.lock();
        try {
            requireOpen();
            if (known(side) == null) {
                put(LegOpening.within(this, side, shared.executor, nanos));
            }
        } finally {
            opening.unlock();
        }
    }

    /**
     * Held while a server is waited for. No monitor, in which a virtual thread of JDK 21 to 23 would hold its carrier meanwhile; the
     * monitor here is held for no longer than it takes to make the lock.
     */
    private synchronized Lock opening() {
        ReentrantLock made = opening;
        if (made == null) {
            made = new ReentrantLock();
            opening = made;
        }
        return made;
    }

    /** One of the threads that share a connection may have opened it meanwhile. */
    private Leg openOnce(Side side) throws SQLException {
        Lock opening = opening();
        opening.lock();
        try {
            requireOpen();
            Leg leg = known(side);
            return leg == null ? opened(side) : leg;
        } finally {
            opening.unlock();
        }
    }

    private Leg opened(Side side) throws SQLException {
        Leg leg;
        try {
            leg = openNew(side);
        } catch (SQLException e) {
            throw Faults.notConnected(rung.get(), side, e);
        }
        put(leg);
        return leg;
    }

    /** The leg in its role on the rung, in the transaction mode asked for. */
    Leg prepared(Rung now, Side side, boolean vendorAutoCommit) throws SQLException {
        Leg leg = open(side);
        LegRole role = LegRole.of(now, side);
        if (!leg.limits.plays(role)) {
            leg.limits.play(role, shared.settings.get());
        }
        leg.autoCommit(vendorAutoCommit);
        return leg;
    }

    /** Opens a leg that belongs to nobody yet. */
    Leg openNew(Side side) throws SQLException {
        // Before the server is waited for: a thread that was given up asks nothing of the leg that goes on.
        Session.Values values = session.valuesOn(existing(side.other()));
        Connection connection = opener.open(side);
        try {
            Leg leg = new Leg(side, connection, Dialects.of(connection), shared.executor, shared.namespaces);
            learnHome(leg);
            session.applyTo(leg, values);
            return leg;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Now, for a question within the application's transaction would be its first statement, after which some fail; else when it is needed. */
    private void learnHome(Leg leg) {
        try {
            shared.namespaces.learn(leg);
        } catch (SQLException e) {
            Faults.LOG.debug("The schema of {} is not known yet: {}", leg.side.word(), Faults.described(e));
        }
    }

    /**
     * Asked where a leg is missed, for another thread may have closed the connection meanwhile.
     *
     * @throws SQLException SQLSTATE 08003 if the legs are closed or given up
     */
    void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLNonTransientConnectionException("The connection is closed", SqlState.CONNECTION_CLOSED.code());
        }
    }

    /**
     * Takes a leg that was opened. Another thread that has closed the connection meanwhile has perhaps not seen it.
     *
     * @throws SQLException SQLSTATE 08003 if the legs are closed or given up; the leg is closed too
     */
    void put(Leg leg) throws SQLException {
        if (leg.side == Side.OLD) {
            oldLeg = leg;
        } else {
            newLeg = leg;
        }
        if (closed) {
            leave(leg);
            requireOpen();
        }
    }

    void discard(Leg leg) {
        if (leg.side == Side.OLD && oldLeg == leg) {
            oldLeg = null;
        } else if (leg.side == Side.NEW && newLeg == leg) {
            newLeg = null;
        }
    }

    /**
     * Closes the leg that a rung with one leg does not use, so that its side may be taken away.
     *
     * @return whether there was one
     */
    boolean keepOnly(Rung rung) {
        Leg unused = known(rung.mirror());
        if (unused == null) {
            return false;
        }
        leave(unused);
        return true;
    }

    /** The connection is done with the leg, which is closed behind its back. */
    private void leave(Leg leg) {
        discard(leg);
        leg.leave();
        Leg.aside(shared.executor, () -> closeQuietly(leg));
    }

    static void closeQuietly(Leg leg) {
        try {
            leg.close();
        } catch (SQLException e) {
            Faults.LOG.debug("Closing a leg on {} failed: {}", leg.side.word(), e.toString());
        }
    }

    /** Every leg that has been opened, old first. */
    public List<Leg> all() {
        List<Leg> all = new ArrayList<>(2);
        Leg one = oldLeg;
        if (one != null) {
            all.add(one);
        }
        Leg other = newLeg;
        if (other != null) {
            all.add(other);
        }
        return all;
    }

    void close() throws SQLException {
        closed = true;
        Faults.onEach(all(), leg -> {
            discard(leg);
            leg.close();
        });
    }

    void abort() {
        closed = true;
        for (Leg leg : all()) {
            discard(leg);
            leg.abort(shared.executor);
        }
    }
}
