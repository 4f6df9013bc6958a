package io.dualwrite.mirror;

import io.dualwrite.config.Setting;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One write of Data A on both sides, inside a transaction: old runs it first, then new (R1). Where old's rows are the truth, its
 * images go to new ({@link OldWins}); where new's are ({@link Rung#newWins}) new runs the statement itself and old is healed to what new
 * has ({@link NewWins}). Used by the transaction's thread alone.
 */
final class MirroredWrite {
    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Follower follower;
    private final Legs legs;
    private final AnsweringWrite answering;
    private final OldWins oldWins;
    private final NewWins newWins;

    MirroredWrite(
            Mirroring shared,
            DualTransaction transaction,
            Follower follower,
            FailedSides failedSides,
            Touched touched) {
        this.legs = transaction.legs;
        this.shared = shared;
        this.transaction = transaction;
        this.follower = follower;
        this.answering = new AnsweringWrite(shared, transaction, follower, failedSides);
        this.oldWins = new OldWins(shared, transaction, follower, touched, answering);
        this.newWins = new NewWins(shared, transaction, follower, touched, answering);
    }

    /** Runs the write; the rows that it touched are among those that the transaction marks. */
    WriteOutcome run(WriteRequest request) throws SQLException {
        Rung now = transaction.rung();
        transaction.follow(now);
        if (shared.settings.get().ddl == Setting.Ddl.BOTH) {
            shared.catalogue.forgetOld();
        }
        requireNotOfOther(now, request.table());
        Leg authority = legs.prepared(now, now.authority(), false);
        TableShape table = answering.shape(authority, request);
        if (table == null) {
            return answering.unknownTable(authority, request);
        }
        if (table.temporary) {
            return answering.temporary(authority, request, now);
        }
        WriteTarget target = new WriteTarget(authority, table, request.table(), authority.abroad());
        String obstacle = obstacle(target, request, now);
        if (obstacle == null) {
            obstacle = shared.beyond.obstacle(table, request.classification);
        }
        if (obstacle == null) {
            obstacle = otherClock(target);
        }
        WriteRequest known = withFormerKeys(target, request, now, obstacle != null);
        if (obstacle != null) {
            return answering.unmirrored(target, known, obstacle);
        }
        shared.beyond.report(authority, table);
        return now.newWins() ? newWins.run(target, known, now) : oldWins.run(target, known, now);
    }

    /** The sides are told what they may be asked for, and the write what it asks for (R24). */
    private WriteRequest withFormerKeys(WriteTarget target, WriteRequest request, Rung now, boolean onOneSide)
            throws SQLException {
        Classification statement = request.classification;
        boolean inserts = statement.verb() == Verb.INSERT || statement.verb() == Verb.MERGE;
        if (!inserts && statement.keyCalls().isEmpty()) {
            return request;
        }
        Side runsOn = onOneSide
                ? now.authority()
                : now.newWins() ? NewWins.computedOn(request, target.table, now) : OldWins.computedOn(request, now);
        transaction.generatedKeys().before(statement, target, runsOn == null ? Side.OLD : runsOn);
        return transaction.formerKeys(true).withValues(request, target.table, runsOn);
    }

    /** Why the write's rows cannot be carried to the mirror, or null where they can. */
    private @Nullable String obstacle(WriteTarget target, WriteRequest request, Rung now) {
        String obstacle = Capturable.obstacle(target.leg, target.table, request);
        String schema = request.table().schema();
        Leg old = now.newWins() && schema != null ? legs.existing(Side.OLD) : null;
        if (obstacle == null
                && old != null
                && schema != null
                && !old.named(schema, Side.NEW).equalsIgnoreCase(schema)) {
            return "table " + request.table() + " is named by new's database, which old calls otherwise";
        }
        return obstacle;
    }

    /**
     * Why times would be others on the other side, or null. A session of MariaDB's shows the instants of TIMESTAMP columns, and takes them, by
     * its time zone; the other vendor's session does not follow where the application sets that, nor does the copier's.
     */
    private @Nullable String otherClock(WriteTarget target) throws SQLException {
        if (legs.areOneVendors() || !target.table.keepsInstants()) {
            return null;
        }
        for (Side side : Side.values()) {
            Leg leg = legs.existing(side);
            if (leg != null
                    && (leg == target.leg || leg == follower.leg())
                    && leg.keepsTimeZone()
                    && Boolean.TRUE.equals(transaction.ask(leg, Leg::hasOtherTimeZone))) {
                return "table " + target.table
                        + " holds instants, and the application has set time_zone in its session on "
                        + leg.side.word()
                        + " to another zone than it began with, by which they would be others on the other side; let it"
                        + " leave the zone, or have it set by the URL";
            }
        }
        return null;
    }

    /**
     * A text that names the other side's database by a name which is not this side's would write there, past the mirror, or find
     * nothing.
     *
     * @throws SQLException SQLSTATE 0A000 for such a name
     */
    private void requireNotOfOther(Rung now, TableName table) throws SQLException {
        String schema = table.schema();
        Leg other = schema == null ? null : legs.existing(now.mirror());
        if (schema == null || other == null) {
            return;
        }
        Leg authority = legs.prepared(now, now.authority(), false);
        transaction.answering(authority, leg -> leg.abroad() == null);
        if (!shared.namespaces.isKnown(other.side)) {
            follower.attempt(leg -> leg.abroad() == null);
        }
        if (!authority.named(schema, other.side).equalsIgnoreCase(schema)) {
            throw Faults.refused(table + " names the database of " + other.side.word() + ", and the statement runs on "
                    + authority.side.word() + " first, where it is called "
                    + authority.named(schema, other.side)
                    + "; leave the name out, or give both databases the same name");
        }
    }
}
