package io.dualwrite.copier.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.TwoDatabases;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final long HOUR = 3_600_000;

    private TwoDatabases databases;

    @BeforeEach
    void open() throws SQLException {
        databases = new TwoDatabases();
    }

    @AfterEach
    void close() throws SQLException {
        databases.close();
    }

    @Test
    void clocksOfTheServersApart_theRowThatWasTouchedLastOnItsOwnSide_counts() throws Exception {
        long now = System.currentTimeMillis();
        InstanceRow before = row(Side.OLD, "app-1", Rung.DUAL_READ_OLD, now + HOUR - 30_000, 0);
        InstanceRow after = row(Side.NEW, "app-1", Rung.NEW_ONLY, now - 1_000, 0);
        assertThat(before.heartbeatAt).isGreaterThan(after.heartbeatAt);
        Fleet fleet = new Fleet(List.of(new Fleet.Seen(before, 30_000), new Fleet.Seen(after, 1_000)));
        assertThat(fleet.present()).containsExactly(after);
        assertThat(fleet.authority(Phase.ONE)).isEqualTo(Side.NEW);
    }

    @Test
    void clocksOfTheServersApart_theLastOfSeveralThatAreGone_speaks() throws Exception {
        long now = System.currentTimeMillis();
        InstanceRow first = row(Side.OLD, "app-1", Rung.OLD_ONLY, now + HOUR - 60_000, 1);
        InstanceRow last = row(Side.NEW, "app-2", Rung.NEW_ONLY, now - 2_000, 1);
        Fleet fleet = new Fleet(List.of(new Fleet.Seen(first, 60_000), new Fleet.Seen(last, 2_000)));
        assertThat(fleet.present()).isEmpty();
        assertThat(fleet.authority(Phase.ONE)).isEqualTo(Side.NEW);
    }

    @Test
    void ageOfARow_isBySideOfItsClock() throws Exception {
        long now = System.currentTimeMillis();
        row(Side.OLD, "app-1", Rung.DUAL_READ_OLD, now - 20_000, 0);
        row(Side.NEW, "app-1", Rung.DUAL_READ_NEW, now, 0);
        try (Connection old = connect(Side.OLD);
                Connection fresh = connect(Side.NEW)) {
            Fleet fleet = Fleet.read(java.util.Map.of(Side.OLD, old, Side.NEW, fresh));
            assertThat(fleet.authority(Phase.ONE)).isEqualTo(Side.NEW);
        }
    }

    private InstanceRow row(Side side, String name, Rung rung, long heartbeatAt, int gone) throws SQLException {
        databases.run(
                side,
                "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone,"
                        + " waits_for, fingerprint, fleet_size) VALUES ('" + name + "', 'x', '" + rung + "', 1, 0, "
                        + heartbeatAt + ", " + gone + ", '', '', 1)");
        try (Connection connection = connect(side)) {
            return Registry.of(side).read(connection).row(name);
        }
    }

    private Connection connect(Side side) throws SQLException {
        return DriverManager.getConnection(databases.entries().get(side.word() + ".url"));
    }
}
