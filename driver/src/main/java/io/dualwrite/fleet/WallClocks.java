package io.dualwrite.fleet;

import io.dualwrite.config.Manifest;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process writes an instant to both sides so that it is read as the same one. Rows are carried over with the time that
 * stands in a column without zone, which counts as UTC where the other side's column has a zone; but a
 * vendor's driver writes it there by the clock of its JVM, unless its properties say otherwise.
 */
final class WallClocks {
    /** In winter and in summer. */
    private static final List<Instant> NOONS =
            Arrays.asList(Instant.parse("2026-01-15T12:00:00Z"), Instant.parse("2026-07-15T12:00:00Z"));

    private static final List<String> UTC = Arrays.asList("2026-01-15 12:00", "2026-07-15 12:00");

    private static final String SEE = ", or see Time zones in docs/operating.md";

    private final Manifest manifest;
    private final RegistryLink old;
    private final RegistryLink fresh;

    /** Of a process that reaches both sides by these links. */
    WallClocks(Manifest manifest, RegistryLink old, RegistryLink fresh) {
        this.manifest = manifest;
        this.old = old;
        this.fresh = fresh;
    }

    /** Whether a driver that is told nothing goes by UTC in this process. */
    static boolean isProcessInUtc() {
        ZoneRules rules = ZoneId.systemDefault().getRules();
        return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC);
    }

    /**
     * The first column of Data A that would be read as another instant on the other side, and what to do; null where there is none.
     * Asks each side three questions, however many tables there are: the instance takes no heartbeat meanwhile.
     *
     * @throws SQLException the vendor's, if a side cannot be asked
     */
    @Nullable
    String difference() throws SQLException {
        List<String> shownOnOld = old.transact(WallClocks::shown);
        List<String> shownOnNew = fresh.transact(WallClocks::shown);
        if (shownOnOld.equals(UTC) && shownOnNew.equals(UTC)) {
            return null;
        }
        Map<String, Boolean> onNew = fresh.transact(this::zoned);
        for (Map.Entry<String, Boolean> column : old.transact(this::zoned).entrySet()) {
            Boolean zonedOnNew = onNew.get(column.getKey());
            String differs =
                    zonedOnNew == null ? null : difference(column.getValue(), zonedOnNew, shownOnOld, shownOnNew);
            if (differs != null) {
                return column.getKey() + " " + differs;
            }
        }
        return null;
    }

    private static @Nullable String difference(
            boolean zonedOnOld, boolean zonedOnNew, List<String> shownOnOld, List<String> shownOnNew) {
        if (!zonedOnOld && !zonedOnNew) {
            return shownOnOld.equals(shownOnNew)
                    ? null
                    : "has no time zone, and this process would write noon UTC as " + shownOnOld + " on old and as "
                            + shownOnNew + " on new: have both vendors' drivers go by one zone" + SEE;
        }
        if (zonedOnOld && zonedOnNew) {
            return null;
        }
        return zonedOnOld ? differenceFromUtc(Side.NEW, shownOnNew) : differenceFromUtc(Side.OLD, shownOnOld);
    }

    private static @Nullable String differenceFromUtc(Side side, List<String> shown) {
        return shown.equals(UTC)
                ? null
                : "has a time zone on " + side.other().word() + " and none on " + side.word()
                        + ", where UTC is meant, but this process would write noon UTC there as " + shown
                        + ": start it with -Duser.timezone=UTC" + SEE;
    }

    /** What stands in a column without zone where the application writes the noons. */
    private static List<String> shown(Connection connection) throws SQLException {
        String sql = Dialects.of(connection).wallClock();
        List<String> shown = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Instant noon : NOONS) {
                statement.setTimestamp(1, Timestamp.from(noon));
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    shown.add(rows.getString(1).substring(0, 16));
                }
            }
        }
        return shown;
    }

    /** The columns of Data A that hold a date with a time, as {@code table.column}, and whether they have a zone. */
    private Map<String, Boolean> zoned(Connection connection) throws SQLException {
        Dialect dialect = Dialects.of(connection);
        Set<String> tables = new HashSet<>();
        for (TableName table : dialect.tables(connection)) {
            if (manifest.classOf(table) == Manifest.DataClass.A) {
                tables.add(table.table());
            }
        }
        Map<String, Boolean> zoned = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(dialect.timeColumns())) {
            while (rows.next()) {
                if (tables.contains(rows.getString(1))) {
                    String name = rows.getString(1) + "." + rows.getString(2);
                    zoned.put(
                            name.toLowerCase(Locale.ROOT),
                            rows.getString(3).toLowerCase(Locale.ROOT).endsWith("with time zone"));
                }
            }
        }
        return zoned;
    }
}
