package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose drivers write times by other clocks than the copier's does not come to write both sides. */
class WallClocksTest {
    @TempDir
    Path folder;

    private TwoDatabases databases;

    @BeforeEach
    void open() throws SQLException {
        databases = new TwoDatabases(folder);
        databases.init().pass(Pass.ONE_TO_THREE);
    }

    @AfterEach
    void close() throws SQLException {
        databases.close();
    }

    @Test
    void zoneOnOldAlone_driverOfNewGoesByBerlin_staysAndNamesTheColumn() throws Exception {
        tables("TIMESTAMP(6) WITH TIME ZONE", "TIMESTAMP(6)");
        databases.zone(Side.NEW, "Europe/Berlin");
        assertThat(whatItWaitsForOnOldAlone())
                .isEqualTo("asked for 3, stands on OLD_ONLY: event.happened has a time zone on old and none on new,"
                        + " where UTC is meant, but this process would write noon UTC there as [2026-01-15 13:00,"
                        + " 2026-07-15 14:00]: start it with -Duser.timezone=UTC, or see Time zones in"
                        + " docs/operating.md")
                .hasSizeLessThan(400);
    }

    @Test
    void zoneOnNewAlone_driverOfNewGoesByBerlin_goesOn() throws Exception {
        tables("TIMESTAMP(6)", "TIMESTAMP(6) WITH TIME ZONE");
        databases.zone(Side.NEW, "Europe/Berlin");
        goesOn();
    }

    @Test
    void zoneOnNewAlone_driverOfOldGoesByBerlin_stays() throws Exception {
        tables("TIMESTAMP(6)", "TIMESTAMP(6) WITH TIME ZONE");
        databases.zone(Side.OLD, "Europe/Berlin");
        Instance instance = databases.start("app-1", 3);
        databases.settle(instance);
        assertThat(instance.waitsFor()).contains("event.happened has a time zone on new and none on old");
    }

    @Test
    void zoneOnNeither_bothDriversGoByBerlin_goesOn() throws Exception {
        tables("TIMESTAMP(6)", "TIMESTAMP(6)");
        databases.zone(Side.OLD, "Europe/Berlin");
        databases.zone(Side.NEW, "Europe/Berlin");
        goesOn();
    }

    @Test
    void zoneOnNeither_oneDriverGoesByBerlin_stays() throws Exception {
        tables("TIMESTAMP(6)", "TIMESTAMP(6)");
        databases.zone(Side.OLD, "Europe/Berlin");
        assertThat(whatItWaitsForOnOldAlone())
                .contains("event.happened has no time zone")
                .contains("have both vendors' drivers go by one zone")
                .hasSizeLessThan(400);
    }

    @Test
    void lookFails_theSideOnWhichItDoesIsNamed() throws Exception {
        tables("TIMESTAMP(6)", "TIMESTAMP(6)");
        Instance instance = databases.start("app-1", 3);
        databases.failCommit(Side.OLD, 1, false);
        databases.beat(instance);
        assertThat(instance.waitsFor())
                .contains("the registry on old cannot be used (")
                .doesNotContain("new cannot");
        databases.failCommit(Side.NEW, 1, false);
        databases.beat(instance);
        assertThat(instance.waitsFor()).contains("new cannot be reached (");
        databases.beat(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
    }

    @Test
    void tableIsDataB_goesOn() throws Exception {
        tables("TIMESTAMP(6) WITH TIME ZONE", "TIMESTAMP(6)");
        databases.zone(Side.NEW, "Europe/Berlin");
        goesOn("dataB = event");
    }

    private String whatItWaitsForOnOldAlone() throws Exception {
        Instance instance = databases.start("app-1", 3);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        return String.valueOf(instance.waitsFor());
    }

    private void goesOn(String... more) throws Exception {
        Instance instance = databases.start("app-1", 3, more);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
    }

    private void tables(String onOld, String onNew) throws SQLException {
        databases.sql(Side.OLD, "CREATE TABLE event (id INT PRIMARY KEY, happened " + onOld + ")");
        databases.sql(Side.NEW, "CREATE TABLE event (id INT PRIMARY KEY, happened " + onNew + ")");
    }
}
