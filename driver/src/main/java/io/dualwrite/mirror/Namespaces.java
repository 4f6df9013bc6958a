package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each side's sessions look for unqualified names before the application has changed that: there lie the migration's
 * tables and Dualwrite's own. A session that looks elsewhere is abroad; what it writes must not reach the tables at home.
 * Thread-safe.
 */
final class Namespaces {
    private volatile @Nullable String oldHome;
    private volatile @Nullable String newHome;
    private volatile @Nullable Boolean locksShared;

    /** Asks a leg on which nothing was changed yet, once for each side. */
    void learn(Leg leg) throws SQLException {
        if (home(leg.side) == null && !leg.mayBeAbroad()) {
            String home = leg.dialect.namespace(leg.connection);
            if (leg.side == Side.OLD) {
                oldHome = home;
            } else {
                newHome = home;
            }
        }
    }

    /** Whether both legs are on one server whose named locks its databases share, so that one would wait for the other. */
    boolean shareLocks(Leg one, Leg other) throws SQLException {
        Boolean known = locksShared;
        if (known == null) {
            String scope = one.dialect.vendor() == other.dialect.vendor() ? one.dialect.lockScope(one.connection) : "";
            known = !scope.isEmpty() && scope.equals(other.dialect.lockScope(other.connection));
            locksShared = known;
        }
        return known;
    }

    /** Whether the side's home was learned. */
    boolean isKnown(Side side) {
        return home(side) != null;
    }

    private @Nullable String home(Side side) {
        return side == Side.OLD ? oldHome : newHome;
    }

    /** Whether sessions of the side find this schema's tables without naming it. */
    boolean isHome(Side side, String schema) {
        String home = home(side);
        return home == null || holds(home, schema);
    }

    /** Whether the schema is one of those where a session looks. */
    static boolean holds(String namespace, String schema) {
        return Arrays.stream(namespace.split(",")).anyMatch(schema::equalsIgnoreCase);
    }

    /** The name on one side of what is meant on the other: home is home. */
    String named(String namespace, Side meant, Side here) {
        String home = home(here);
        return home != null && namespace.equalsIgnoreCase(home(meant)) ? home : namespace;
    }

    /** The namespace, or null where it is the side's home. */
    @Nullable
    String abroad(Side side, String namespace) {
        return namespace.equalsIgnoreCase(home(side)) ? null : namespace;
    }

    /** One of our own tables, as it is found by a leg wherever its session looks. */
    String own(Leg leg, String table) {
        String home = home(leg.side);
        if (!leg.mayBeAbroad() || home == null || home.isEmpty()) {
            return table;
        }
        int comma = home.indexOf(',');
        return leg.dialect.quote(comma < 0 ? home : home.substring(0, comma)) + '.' + table;
    }
}
