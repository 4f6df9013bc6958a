package io.dualwrite.mirror;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** A savepoint of the application's, which stands on both legs. */
public final class DualSavepoint implements Savepoint {
    final Savepoint own;
    final Leg leg;
    /** Null where the application gave it no name. */
    final @Nullable String name;
    /** Whether the mirror had joined the transaction when the savepoint was set. */
    boolean mirrorJoined;
    /** The mirror's savepoint; null until its lane has set it, or where the mirror had failed before. */
    volatile @Nullable Savepoint mirrored;

    /** Whether the mark's id was on the mirror before; touched on the mirror's lane alone. */
    boolean identified;

    DualSavepoint(Savepoint own, Leg leg, @Nullable String name) {
        this.own = own;
        this.leg = leg;
        this.name = name;
    }

    @Override
    public int getSavepointId() throws SQLException {
        return own.getSavepointId();
    }

    @Override
    public String getSavepointName() throws SQLException {
        return own.getSavepointName();
    }

    @Override
    public String toString() {
        return own.toString();
    }
}
