package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The transaction on the mirror's leg as its server has it: the mark's id in it (R12), its savepoints, its end. Touched on the
 * leg's {@link Lane} alone, whose tasks run one after another.
 */
final class MirrorTransaction {
    final Mirroring shared;
    private final Legs legs;
    /** Whether the transaction holds the mark's id. */
    private boolean identified;
    /** Whether it did before the statement under way. */
    private boolean identifiedBefore;
    /** The savepoint before the statement under way. */
    private @Nullable Savepoint beforeStatement;
    /** The number of the statement for which that savepoint was set. */
    private long savepointOf;

    MirrorTransaction(Mirroring shared, Legs legs) {
        this.shared = shared;
        this.legs = legs;
    }

    /** Gives the leg's session its role, and begins a transaction. */
    void begin(Leg mirror, LegRole role, Settings settings) throws SQLException {
        beforeStatement = null;
        identified = false;
        mirror.limits.play(role, settings);
        mirror.autoCommit(false);
    }

    /** Writes the mark's id, unless it is there or goes with the COMMIT. */
    void identify(Leg mirror, String id) throws SQLException {
        if (!identified && !mirror.commitsAtOnce()) {
            shared.marks.writeId(mirror, id);
            identified = true;
        }
    }

    /** Checks what would be checked at the commit (R27). */
    void checkDeferred(Leg mirror) throws SQLException {
        if (shared.catalogue.defersConstraints(mirror)) {
            try (Statement statement = mirror.connection.createStatement()) {
                statement.execute(mirror.dialect.checkDeferred());
            }
        }
    }

    // ------------------------------------------------------------------ savepoints

    /** Sets one before the statement of this number, in place of the one before its forerunner. */
    void savepointBeforeStatement(Leg mirror, long statement) throws SQLException {
        Savepoint former = beforeStatement;
        if (former != null) {
            mirror.connection.releaseSavepoint(former);
        }
        beforeStatement = mirror.connection.setSavepoint();
        identifiedBefore = identified;
        savepointOf = statement;
    }

    /**
     * Undoes the statement of this number.
     *
     * @throws SQLException where no savepoint was set before it, for the mirror had failed by then
     */
    void backToBeforeStatement(Leg mirror, long failed) throws SQLException {
        Savepoint former = beforeStatement;
        if (former == null || savepointOf != failed) {
            throw new SQLException("The mirror had failed before the statement that failed on the other side");
        }
        mirror.connection.rollback(former);
        identified = identifiedBefore;
    }

    /** Sets the mirror's part of a savepoint of the application's. */
    void savepoint(Leg mirror, DualSavepoint savepoint) throws SQLException {
        savepoint.mirrored = mirror.connection.setSavepoint();
        savepoint.identified = identified;
        // Releasing an earlier savepoint would take this one with it.
        beforeStatement = null;
    }

    void release(Leg mirror, DualSavepoint savepoint) throws SQLException {
        Savepoint own = savepoint.mirrored;
        if (own != null) {
            mirror.connection.releaseSavepoint(own);
            beforeStatement = null;
        }
    }

    /** Rolls back to the savepoint, or to the transaction's beginning where the mirror joined after it, and joins again. */
    void rollback(Leg mirror, DualSavepoint savepoint, Lane.@Nullable Task joins) throws SQLException {
        beforeStatement = null;
        Savepoint own = savepoint.mirrored;
        if (own != null) {
            mirror.connection.rollback(own);
            identified = savepoint.identified;
        } else if (savepoint.mirrorJoined) {
            throw new SQLException("The mirror had failed before the savepoint");
        } else {
            if (!mirror.autoCommit()) {
                mirror.connection.rollback();
            }
            identified = false;
            if (joins != null) {
                // What is forgiven may be that it did not join: it must not write in autocommit (R4).
                joins.run();
            }
        }
    }

    // ------------------------------------------------------------------ the end

    /** Ends what only read or locked. */
    void commitReads(Leg mirror) throws SQLException {
        if (identified) {
            mirror.connection.rollback();
        } else {
            mirror.connection.commit();
        }
    }

    /** Commits; where the server can be sent both at once, the mark's id goes in front. */
    void commit(Leg mirror, String id) throws SQLException {
        if (mirror.commitsAtOnce()) {
            shared.marks.writeIdAndCommit(mirror, id);
        } else {
            mirror.connection.commit();
        }
    }

    /** Rolls back; a leg on which that fails is given up, so that its server does it. */
    void rollback(Leg mirror) {
        try {
            mirror.connection.rollback();
        } catch (SQLException e) {
            Faults.LOG.debug("Rolling back on {} failed: {}", mirror.side.word(), Faults.described(e));
            legs.discard(mirror);
            mirror.abort(shared.executor);
        }
    }
}
