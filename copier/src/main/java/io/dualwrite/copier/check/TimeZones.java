package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * A copied row keeps the time that MariaDB shows, and a mirrored one the instant behind it where the application gives its sessions on both
 * sides one zone: the two agree where the servers show an instant as the same time.
 */
final class TimeZones implements TableCheck {
    private final boolean differ;

    /**
     * @param from the source's {@link SideReader#instantsOfSeasons}
     * @param to the target's
     */
    TimeZones(String from, String to) {
        this.differ = !from.isEmpty() && !to.isEmpty() && !from.equals(to);
    }

    @Override
    public String name() {
        return "time zones";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        if (!differ) {
            return;
        }
        List<String> instants = new ArrayList<>();
        pair.eachColumn((from, to) -> {
            if (isInstant(from) && isInstant(to)) {
                instants.add(TablePair.lower(from));
            }
        });
        if (!instants.isEmpty()) {
            findings.problem(
                    String.join(", ", instants) + (instants.size() == 1 ? " is an instant" : " are instants")
                            + " (TIMESTAMP), which a session shows by another time zone on " + pair.source()
                            + " than on "
                            + pair.target()
                            + ": where the application sets one zone on both, copied rows are off by the"
                            + " difference, and verify takes them for the right ones",
                    "give both URLs the same zone, the application's: sessionVariables=time_zone='+00:00'");
        }
    }

    private static boolean isInstant(Column column) {
        return column.typeName.startsWith("timestamp");
    }
}
