package io.dualwrite.copier.gate;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many keys the other side may still hand out until it comes to those of the generator that goes on (R24). Immutable.
 *
 * @param generator its common name
 * @param reached where it stands
 * @param otherReached how far the other side's has come by now
 * @param margin by how much it was raised above the other side's, in keys
 */
record GeneratorRoom(String generator, long reached, long otherReached, long margin) {
    /** Below nothing where the other side's has gone past it. */
    long left() {
        return reached - otherReached;
    }

    /** Half of a margin that lasts ten minutes leaves five for the step. */
    boolean isScarce() {
        return left() < margin / 2;
    }

    /**
     * The room of each generator that can be compared. Not that of one that counts below zero, nor, on the way down, of one whose twin
     * on new follows the keys which old hands out: that one is meant to keep up with old's, or was sent ahead of them.
     *
     * @param next the side whose generators go on
     * @param margins by common name, as {@link #margins} reads them
     */
    static List<GeneratorRoom> of(GeneratorStands stands, Side next, Map<String, Long> margins) {
        Map<String, GeneratorStands.Stand> others = stands.sides().getOrDefault(next.other(), Map.of());
        List<GeneratorRoom> rooms = new ArrayList<>();
        stands.sides().getOrDefault(next, Map.of()).forEach((generator, stand) -> {
            GeneratorStands.Stand other = others.get(generator);
            if (other == null || stand.reached() < 0 || other.reached() < 0 || (next == Side.OLD && other.follows())) {
                return;
            }
            long margin = margins.getOrDefault(generator, Gate.MARGIN);
            rooms.add(new GeneratorRoom(generator, stand.reached(), other.reached(), margin));
        });
        return rooms;
    }

    /** The margins that {@code sequences} gave last in the direction, by common name. */
    static Map<String, Long> margins(Connection connection, String direction) throws SQLException {
        Map<String, Long> margins = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT table_name, watermark FROM " + OwnTables.COPY
                        + " WHERE kind = 'sequences' AND table_name <> '*' AND direction = ? ORDER BY touched_at")) {
            statement.setString(1, direction);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    margins.put(rows.getString(1), Long.parseLong(rows.getString(2)));
                }
            }
        }
        return margins;
    }
}
