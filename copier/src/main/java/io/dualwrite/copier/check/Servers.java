package io.dualwrite.copier.check;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Vendor;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What concerns the two servers as a whole: versions, clocks, rights, sequences. */
final class Servers {
    private static final Duration NOTABLE = Duration.ofSeconds(1);
    /** The oldest versions that this was run on, as {@link SideReader#version} counts. */
    private static final Map<Vendor, Integer> OLDEST =
            Map.of(Vendor.POSTGRESQL, 1400, Vendor.MARIADB, 1011, Vendor.H2, 202);

    private final Settings settings;
    private final SideReader from;
    private final SideReader to;

    Servers(Settings settings, SideReader from, SideReader to) {
        this.settings = settings;
        this.from = from;
        this.to = to;
    }

    void look(Findings findings) throws SQLException {
        for (SideReader side : new SideReader[] {from, to}) {
            version(side, findings.of("version", null));
            sight(side, findings.of("rights", null));
            ownTables(side, findings.of("rights", null));
        }
        clocks(findings.of("clocks", null));
        sequences(findings.of("sequences", null));
    }

    private static void version(SideReader side, Findings findings) throws SQLException {
        Integer oldest = OLDEST.get(side.vendor());
        if (side.isMySql() || (oldest != null && side.version() < oldest)) {
            findings.note(
                    side.word() + " is " + side.server() + ", on which this was not tested",
                    "walk the ladder up and down with a copy of it first");
        } else {
            findings.ok(side.word() + " is " + side.server());
        }
    }

    private static void sight(SideReader side, Findings findings) throws SQLException {
        String blindness = side.blindness();
        if (blindness == null && side.seesOtherUsers()) {
            findings.ok("the user on " + side.word() + " sees when others' transactions began");
        } else if (blindness == null) {
            findings.note(
                    "the user on " + side.word() + " sees only its own sessions' transactions: a copy from "
                            + side.word() + " is refused while another user writes there",
                    "GRANT pg_read_all_stats to the user");
        } else {
            findings.problem(
                    "an incremental copy from " + side.word() + " cannot know what is still open there: " + blindness,
                    side.vendor() == Vendor.POSTGRESQL
                            ? "GRANT pg_read_all_stats to the user"
                            : "GRANT PROCESS ON *.* to the user");
        }
    }

    private static void ownTables(SideReader side, Findings findings) throws SQLException {
        if (side.rights.hasOwnTables()) {
            findings.ok("the dualwrite_* tables are on " + side.word());
        } else if (side.rights.mayCreateTables()) {
            findings.ok("the user on " + side.word() + " may make the dualwrite_* tables");
        } else {
            findings.problem(
                    "the user on " + side.word() + " may not make the dualwrite_* tables",
                    "GRANT CREATE to it, or let a DBA run what dualwrite init --print prints and GRANT SELECT, INSERT,"
                            + " UPDATE and DELETE on them");
        }
    }

    private void clocks(Findings findings) throws SQLException {
        Duration apart = to.clockAhead().minus(from.clockAhead());
        String what = "the clock of " + to.word() + " is " + apart.abs().toMillis() + " ms "
                + (apart.isNegative() ? "behind" : "ahead of") + " that of " + from.word();
        if (apart.abs().compareTo(settings.copySkew) > 0 && apart.abs().compareTo(NOTABLE) > 0) {
            findings.problem(
                    what + ", more than copy.skew (" + settings.copySkew.toMillis()
                            + " ms): a copy back could pass by rows that were stamped by the other clock",
                    "set both clocks by the same time server, or raise copy.skew");
        } else if (apart.abs().compareTo(NOTABLE) > 0) {
            findings.note(
                    what + ": times that the servers stamp jump by that when the read side changes",
                    "set both clocks by the same time server");
        } else {
            findings.ok(what);
        }
    }

    private void sequences(Findings findings) throws SQLException {
        Set<String> missing = new TreeSet<>(from.sequences());
        missing.removeAll(to.sequences());
        if (!missing.isEmpty()) {
            findings.problem(
                    to.word() + " lacks the sequences " + String.join(", ", missing) + ", which " + from.word()
                            + " has",
                    "create them on " + to.word() + "; dualwrite sequences then raises them");
        }
    }
}
