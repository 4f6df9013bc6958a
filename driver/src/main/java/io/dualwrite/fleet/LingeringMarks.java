package io.dualwrite.fleet;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Marks that stay (R10, R13): writes that one side has and the other perhaps lacks. Until such a mark is repaired, no step may lead
 * to reading the side that lacks it, nor to where that side wins a repair, for the write is acknowledged and would be gone.
 *
 * <p>Every write's mark is there for the moment between its two commits. So only those count that are seen again some time after
 * the first look, which is made when all instances stand where nothing is swallowed any more. For one thread.
 */
final class LingeringMarks {
    private static final long MOMENT_NANOS = 1_000_000_000L;
    private static final int MOST = 1_000;

    private final RegistryLinks links;
    private final LongSupplier nanoTime;
    private @Nullable Rung towards;
    private Set<String> seen = new HashSet<>();
    private long seenAt;

    /** Looks by the links; the clock gives nanoseconds. */
    LingeringMarks(RegistryLinks links, LongSupplier nanoTime) {
        this.links = links;
        this.nanoTime = nanoTime;
    }

    /**
     * What keeps the instance from the step, or null. Where another has gone before it from one authority to the other, nothing does:
     * since then both sides had to succeed, so that what stays was answered as unknown, and repair waits for this step.
     *
     * @param current the pass that is current: a retreat asks nothing of new
     */
    @Nullable
    String against(Rung stands, Rung next, @Nullable Pass current, List<InstanceRow> others) {
        Side side = current == Pass.RETREAT_TO_THREE || isFollowed(stands, next, others) ? null : ahead(stands, next);
        if (side == null) {
            towards = null;
            return null;
        }
        Set<String> found;
        try {
            found = look(side);
        } catch (SQLException e) {
            return side.word() + " cannot be asked for marks of writes that "
                    + side.other().word() + " perhaps lacks (" + e.getMessage() + ")"
                    + (next == Rung.STRICT_READ_OLD ? "; dualwrite retreat asks nothing of new" : "");
        }
        if (found.isEmpty()) {
            towards = null;
            return null;
        }
        long now = nanoTime.getAsLong();
        if (towards != next) {
            remember(next, found, now);
        } else if (now - seenAt >= MOMENT_NANOS) {
            seen.retainAll(found);
            if (seen.isEmpty()) {
                towards = null;
                return null;
            }
            int lingering = seen.size();
            remember(next, found, now);
            return lingering + (lingering == MOST ? " or more" : "") + " marks stay on " + side.word() + ", and "
                    + side.other().word() + " perhaps lacks what they are about; run dualwrite repair";
        }
        return "it looks whether the marks on " + side.word() + " are of writes under way";
    }

    private static boolean isFollowed(Rung stands, Rung next, List<InstanceRow> others) {
        return stands.authority() != next.authority()
                && others.stream().anyMatch(row -> row.rung.authority() == next.authority());
    }

    private void remember(Rung next, Set<String> found, long now) {
        towards = next;
        seen = found;
        seenAt = now;
    }

    /** The side that may have what the step would leave behind, or null where it leaves nothing behind. */
    private static @Nullable Side ahead(Rung stands, Rung next) {
        if (stands == Rung.STRICT_READ_OLD && next == Rung.STRICT_READ_NEW
                || stands == Rung.STRICT_READ_NEW && next == Rung.STRICT_NEW_FIRST) {
            return Side.OLD;
        }
        if (stands == Rung.STRICT_NEW_FIRST && next == Rung.STRICT_READ_NEW
                || stands == Rung.STRICT_READ_NEW && next == Rung.STRICT_READ_OLD) {
            return Side.NEW;
        }
        return null;
    }

    private Set<String> look(Side side) throws SQLException {
        return links.to(side).transact(LingeringMarks::read);
    }

    private static Set<String> read(Connection connection) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT id, seq FROM " + OwnTables.MARK
                        + " WHERE seq >= 0 ORDER BY marked_at, id, seq LIMIT " + MOST);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1) + '/' + rows.getInt(2));
            }
        }
        return found;
    }
}
