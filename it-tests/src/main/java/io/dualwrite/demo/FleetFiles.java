package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Table;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;

/** The properties files: one for each instance and one for the operator. */
final class FleetFiles {
    private final Databases databases;
    private final Path directory;

    FleetFiles(Databases databases, Path directory) {
        this.databases = databases;
        this.directory = directory;
    }

    Path of(String instance) {
        return directory.resolve(instance + ".properties");
    }

    /** Writes the file of an instance beside the one that is there, and renames it. */
    void write(String instance, Phase phase) throws IOException {
        String text = "phase        = " + phase.number() + "\n"
                + side(Side.OLD)
                + side(Side.NEW)
                + "dataA        = " + tables(false) + "\n"
                + "dataB        = sales_daily, royalty_*\n"
                + "instance     = " + instance + "\n"
                + "fleet.size   = " + DemoOptions.FLEET + "\n";
        Path fresh = directory.resolve(instance + ".properties.new");
        Files.writeString(fresh, text);
        Files.move(fresh, of(instance), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String side(Side side) {
        DatabaseServer server = databases.server(side);
        return side.word() + ".url      = " + databases.url(side) + "\n"
                + side.word() + ".user     = " + server.user() + "\n"
                + side.word() + ".password = " + server.password() + "\n";
    }

    private static String tables(boolean derived) {
        return Table.ALL.stream()
                .filter(table -> table.derived() == derived)
                .map(Table::name)
                .collect(Collectors.joining(", "));
    }
}
