package io.dualwrite.mirror;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of the schema on both sides ({@code ddl = both}), old first, outside of transactions. Where the mirror may fail and
 * does, the tables stay marked whole until somebody has made the change there too. Used once, by one thread.
 */
final class Definition {
    private final Mirroring shared;
    private final Legs legs;
    private final Rung rung;
    private final List<TableName> tables;
    private final String what;
    /** Whether each server fills the rows with values of its own. */
    private final boolean fillsRows;

    Definition(Mirroring shared, Legs legs, Rung rung, Classification definition) {
        this.shared = shared;
        this.legs = legs;
        this.rung = rung;
        this.tables = definition.writes();
        this.what = definition.verb() + (tables.isEmpty() ? "" : " of " + tables);
        this.fillsRows = definition.is(Trait.FILLS_ROWS);
    }

    /**
     * Runs it; the answer is the authority's.
     *
     * @throws SQLException SQLSTATE 0A000 if the sides are of two vendors, nothing was changed; the vendor's own where the
     *     authority refuses; 08007 where both must have the change and one alone has it
     */
    <T> T run(OnLeg<T> statement) throws SQLException {
        try {
            return fillsRows ? marked(statement) : unmarked(statement);
        } finally {
            shared.catalogue.clear();
        }
    }

    private <T> T unmarked(OnLeg<T> statement) throws SQLException {
        return rung.authority() == Side.OLD ? oldCounts(statement) : newCounts(statement);
    }

    /** The mark is there before the first row is filled (R12), and goes again where none was. */
    private <T> T marked(OnLeg<T> statement) throws SQLException {
        if (rung.strict()) {
            // The instance has stepped since the statement was let through.
            throw Faults.refused(
                    what + " fills rows on each side by itself; refused while the fleet crosses (" + rung + ")");
        }
        String id = mark(
                ready(rung.authority()),
                what + " fills rows on each side by itself",
                what + " fills rows on each side by itself (" + rung + "); run repair");
        try {
            return unmarked(statement);
        } catch (SQLException e) {
            if (!SqlState.RESOLUTION_UNKNOWN.is(e)) {
                shared.marks.clearLater(id);
            }
            throw e;
        }
    }

    private <T> T oldCounts(OnLeg<T> statement) throws SQLException {
        Leg old = ready(Side.OLD);
        SQLException unreachable = rung.strict() ? null : reach(Side.NEW);
        requireOneVendor();
        T answer = statement.run(old);
        try {
            if (unreachable != null) {
                throw unreachable;
            }
            statement.run(ready(Side.NEW));
        } catch (SQLException e) {
            if (rung.strict()) {
                throw Faults.halfDefined(rung, what, e);
            }
            lagsBehind(old, e);
        }
        return answer;
    }

    private <T> T newCounts(OnLeg<T> statement) throws SQLException {
        Leg authority = ready(Side.NEW);
        SQLException failedOnOld = reach(Side.OLD);
        requireOneVendor();
        if (failedOnOld == null) {
            try {
                statement.run(ready(Side.OLD));
            } catch (SQLException e) {
                failedOnOld = e;
            }
        }
        if (failedOnOld != null && rung.strict()) {
            throw failedOnOld;
        }
        T answer;
        try {
            answer = statement.run(authority);
        } catch (SQLException e) {
            if (failedOnOld == null) {
                throw Faults.halfDefined(rung, what, e);
            }
            throw e;
        }
        if (failedOnOld != null) {
            lagsBehind(authority, failedOnOld);
        }
        return answer;
    }

    private @Nullable SQLException reach(Side side) {
        try {
            legs.open(side);
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    private void requireOneVendor() throws SQLException {
        Leg old = legs.existing(Side.OLD);
        Leg other = legs.existing(Side.NEW);
        if (old != null && other != null && old.dialect.vendor() != other.dialect.vendor()) {
            throw Faults.refused("DDL is refused while databases of two vendors are written (" + rung
                    + "); change the schema on both sides in phase 1 or 6");
        }
    }

    /** With the application's own limits: building an index takes longer than a mirrored row may. */
    private Leg ready(Side side) throws SQLException {
        Leg leg = legs.open(side);
        leg.limits.play(LegRole.APPLICATION, shared.settings.get());
        leg.autoCommit(true);
        return leg;
    }

    private void lagsBehind(Leg authority, SQLException failure) throws SQLException {
        String mirror = authority.side.other().word();
        mark(
                authority,
                what + " failed on " + mirror,
                what + " failed on " + mirror + " and not on " + authority.side.word() + " (" + rung
                        + "); make the change there as well, then run repair: " + Faults.described(failure));
    }

    private String mark(Leg authority, String reason, String told) throws SQLException {
        shared.diverged(authority.side.other(), "DDL", told);
        Touched touched = new Touched();
        touched.tables(shared.markScope.named(authority, tables));
        String id = shared.marks.newId();
        shared.marks.write(authority, id, touched, reason);
        return id;
    }
}
