package io.dualwrite.fleet;

import io.dualwrite.config.Manifest;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.Kind;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process writes an instant to both sides so that it is read as the same one. Rows are carried over with the time that
 * stands in a column without zone, which counts as UTC where the other side's column has a zone (DESIGN's conversion of types); but a
 * vendor's driver writes it there by the clock of its JVM, unless its properties say otherwise.
 */
final class WallClocks {
    private static final Logger LOG = LoggerFactory.getLogger(WallClocks.class);

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
     *
     * @throws SQLException the vendor's, if a side cannot be asked
     */
    @Nullable
    String difference() throws SQLException {
        List<String> onOld = old.transact(WallClocks::shown);
        List<String> onNew = fresh.transact(WallClocks::shown);
        if (onOld.equals(UTC) && onNew.equals(UTC)) {
            return null;
        }
        Map<String, TableShape> onOther = new HashMap<>();
        for (TableShape shape : fresh.transact(this::shapes)) {
            onOther.put(lower(shape.name.table()), shape);
        }
        for (TableShape shape : old.transact(this::shapes)) {
            TableShape other = onOther.get(lower(shape.name.table()));
            if (other != null) {
                String differs = difference(shape, other, onOld, onNew);
                if (differs != null) {
                    return lower(shape.name.table()) + "." + differs;
                }
            }
        }
        return null;
    }

    private static @Nullable String difference(
            TableShape old, TableShape fresh, List<String> shownOnOld, List<String> shownOnNew) {
        for (Column column : old.columns) {
            Column there = fresh.column(column.name);
            String differs = there == null ? null : difference(column, there, shownOnOld, shownOnNew);
            if (differs != null) {
                return lower(column.name) + " " + differs;
            }
        }
        return null;
    }

    private static @Nullable String difference(Column onOld, Column onNew, List<String> old, List<String> fresh) {
        if (onOld.kind == Kind.TIMESTAMP && onNew.kind == Kind.TIMESTAMP) {
            return old.equals(fresh)
                    ? null
                    : "has no time zone, and this process would write noon UTC as " + old + " on old and as " + fresh
                            + " on new: have both vendors' drivers go by one zone" + SEE;
        }
        if (onOld.kind == Kind.TIMESTAMP && onNew.kind == Kind.TIMESTAMP_TZ) {
            return differenceFromUtc(Side.OLD, old);
        }
        return onOld.kind == Kind.TIMESTAMP_TZ && onNew.kind == Kind.TIMESTAMP
                ? differenceFromUtc(Side.NEW, fresh)
                : null;
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

    private List<TableShape> shapes(Connection connection) throws SQLException {
        Dialect dialect = Dialects.of(connection);
        List<TableShape> shapes = new ArrayList<>();
        for (TableName table : dialect.tables(connection)) {
            if (manifest.classOf(table) == Manifest.DataClass.A) {
                try {
                    shapes.add(dialect.shape(connection, table));
                } catch (SQLSyntaxErrorException e) {
                    LOG.debug("Table {} is left out of the look at the columns", table, e);
                }
            }
        }
        return shapes;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
