package io.dualwrite.copier.check;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.TableShape.Reference;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Looks whether the two databases of a file allow a migration; changes nothing. */
public final class Compatibility {
    private final Settings settings;
    private final Direction direction;
    private final Set<String> named;

    /**
     * @param direction up for the way to new, down for the way back
     * @param named what {@code dataA} and {@code dataB} name, as the file spells it; patterns are passed over
     */
    public Compatibility(Settings settings, Direction direction, Set<String> named) {
        this.settings = settings;
        this.direction = direction;
        this.named = Set.copyOf(named);
    }

    /**
     * Looks at everything.
     *
     * @throws SQLException if a side cannot be reached, or its catalogue not be read
     */
    public CheckReport check() throws SQLException {
        Findings findings = Findings.empty();
        try (SideReader from = SideReader.open(Endpoint.of(settings, direction.source()));
                SideReader to = SideReader.open(Endpoint.of(settings, direction.target()))) {
            new Servers(settings, from, to).look(findings);
            List<TableName> tables = from.tables();
            if (tables.isEmpty()) {
                findings.of("tables", null)
                        .problem(from.word() + " has no table that the user can see", "correct the URL or the user");
            }
            TimeZones zones = new TimeZones(from.instantsOfSeasons(), to.instantsOfSeasons());
            for (TableName table : tables) {
                table(table, from, to, zones, findings);
            }
            extra(from, to, findings);
            unknown(from, findings);
        }
        return CheckReport.of(direction.word(), findings.list());
    }

    private void table(TableName table, SideReader from, SideReader to, TimeZones zones, Findings findings)
            throws SQLException {
        String name = table.table().toLowerCase(Locale.ROOT);
        DataClass dataClass = settings.manifest.classOf(table);
        Findings lists = findings.of("manifest", name);
        if (dataClass == DataClass.REFUSED) {
            lists.note(
                    "it is on no list and takes no part: writes of it are refused from 3 to 5",
                    "put it on dataA or dataB, or leave it");
            return;
        }
        if (!settings.manifest.lists(table)) {
            lists.note(
                    "it is on no list and counts as Data " + dataClass + " (unlisted)",
                    "put it on dataA or dataB, so that it is meant");
        }
        TableFacts source = from.table(table, this::keyed);
        TableFacts target = to.table(table, this::keyed);
        if (source == null || target == null) {
            findings.of("tables", name)
                    .problem(
                            "it is missing on " + (source == null ? from : to).word(),
                            "create it there, or leave it out: on neither list, with unlisted = refuse");
            return;
        }
        int before = findings.list().size();
        TablePair pair = new TablePair(name, dataClass, direction, source, target);
        zones.look(pair, findings.of(zones.name(), name));
        look(pair, from.vendor() == to.vendor(), findings);
        if (findings.list().size() == before) {
            findings.of("tables", name).ok("it is alike on both sides");
        }
    }

    private void look(TablePair pair, boolean sameVendor, Findings findings) {
        for (TableCheck check : List.of(
                new ColumnsThere(),
                new ColumnTypes(sameVendor),
                new Engines(),
                new KeysSame(),
                new ColumnRules(),
                new Collations(),
                new Dependants(),
                new OneSided(settings),
                new ChangesFound(settings),
                new Rights())) {
            check.look(pair, findings.of(check.name(), pair.name()));
        }
        parents(pair, findings.of("manifest", pair.name()));
    }

    /** A row of Data A goes to both sides at once: so must the rows that it points to. */
    private void parents(TablePair pair, Findings findings) {
        if (pair.dataClass() != DataClass.A) {
            return;
        }
        Set<String> behind = new TreeSet<>();
        for (Reference reference : pair.to().shape().references) {
            if (settings.manifest.classOf(reference.parent) != DataClass.A) {
                behind.add(reference.parent.table().toLowerCase(Locale.ROOT));
            }
        }
        if (!behind.isEmpty()) {
            findings.problem(
                    "it is Data A and points to " + String.join(", ", behind)
                            + ", which is not: new rows there are not on " + pair.target() + " when they are needed",
                    "class them as Data A as well, or drop the foreign key on " + pair.target());
        }
    }

    private TableShape keyed(TableShape shape) {
        return shape.keyedBy(settings.key(shape.name));
    }

    /** A run from the target, be it a copy back or a repair from 5 on, needs its tables on the source as well. */
    private void extra(SideReader from, SideReader to, Findings findings) {
        Set<String> known = names(from);
        for (TableName table : to.tables()) {
            String name = table.table().toLowerCase(Locale.ROOT);
            Findings tables = findings.of("tables", name);
            if (known.contains(name)) {
                continue;
            }
            if (settings.manifest.classOf(table) == DataClass.REFUSED) {
                tables.note("it is on " + to.word() + " only and takes no part", "drop it, if nobody needs it");
            } else {
                tables.problem(
                        "it is missing on " + from.word() + " and on " + to.word() + " counts as Data "
                                + settings.manifest.classOf(table) + ": there is no way back, and no repair from "
                                + to.word(),
                        "create it on " + from.word() + ", drop it on " + to.word()
                                + ", or leave it out: on neither list, with unlisted = refuse");
            }
        }
    }

    /** A name on a list that fits no table is misspelt, or its table is in another schema. */
    private void unknown(SideReader from, Findings findings) {
        Set<String> known = names(from);
        for (String name : new TreeSet<>(named)) {
            String lower = name.toLowerCase(Locale.ROOT);
            String table = lower.substring(lower.lastIndexOf('.') + 1);
            if (!lower.contains("*") && !known.contains(table)) {
                findings.of("manifest", lower)
                        .problem(
                                "it is on a list, and the user's schema on " + from.word() + " has no such table",
                                "correct its name, or strike it");
            }
        }
    }

    private static Set<String> names(SideReader side) {
        Set<String> names = new HashSet<>();
        side.tables().forEach(table -> names.add(table.table().toLowerCase(Locale.ROOT)));
        return names;
    }
}
