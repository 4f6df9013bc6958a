package io.dualwrite.mirror;

import io.dualwrite.dialect.Vendor;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints that stand in the transaction of the side that answers, the newest last. A vendor's driver hands its server nothing but
 * a savepoint's name, and of several with one name the server takes the newest that stands, whichever the application holds. Used by
 * the transaction's thread alone.
 */
final class StandingSavepoints {
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    private final List<DualSavepoint> standing = new ArrayList<>();

    /** One was set; on PostgreSQL alone a former one of its name stands behind it. */
    void set(DualSavepoint savepoint) {
        DualSavepoint former = savepoint.leg.dialect.vendor() == Vendor.POSTGRESQL ? null : meantBy(savepoint);
        if (former != null) {
            standing.remove(former);
        }
        standing.add(savepoint);
    }

    /**
     * The one that the server takes for it; null where none stands. H2 goes back even to one that a rollback has taken away, to wherever
     * its log had as many entries, which is no place on the mirror.
     */
    @Nullable
    DualSavepoint meantBy(DualSavepoint savepoint) {
        String name = savepoint.name;
        if (name == null) {
            return standing.contains(savepoint) ? savepoint : null;
        }
        String known = known(name, savepoint.leg);
        for (int i = standing.size() - 1; i >= 0; i--) {
            DualSavepoint other = standing.get(i);
            if (other.name != null && known.equals(known(other.name, other.leg))) {
                return other;
            }
        }
        return null;
    }

    /** The name as the server compares it: MariaDB looks at neither case nor accents. */
    private static String known(String name, Leg leg) {
        if (leg.dialect.vendor() != Vendor.MARIADB) {
            return name;
        }
        String letters = Normalizer.normalize(name, Normalizer.Form.NFD);
        return ACCENTS.matcher(letters).replaceAll("").toUpperCase(Locale.ROOT);
    }

    /** Whether a release takes a savepoint away there: H2's driver keeps it from its server. */
    static boolean releases(Leg leg) {
        return leg.dialect.vendor() != Vendor.H2;
    }

    /** Those that came after it have gone. */
    void rolledBackTo(DualSavepoint savepoint) {
        int at = standing.lastIndexOf(savepoint);
        standing.subList(at + 1, standing.size()).clear();
    }

    /** It has gone, and those that came after it. */
    void released(DualSavepoint savepoint) {
        rolledBackTo(savepoint);
        standing.remove(savepoint);
    }

    void clear() {
        standing.clear();
    }
}
