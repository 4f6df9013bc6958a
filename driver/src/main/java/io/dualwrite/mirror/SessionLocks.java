package io.dualwrite.mirror;

import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.LockCall;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The locks that one connection's session holds beyond its transactions, or may hold: what was tried or let go is asked of the
 * server. MariaDB answers by name alone; a name that cannot be told is counted, and held until it is let go in the same way.
 * Used by the connection's thread alone.
 */
final class SessionLocks {
    /** A literal that means the same under every SQL mode. */
    private static final Pattern PLAIN = Pattern.compile("'([^'\\\\]*)'");

    private final Set<String> names = new LinkedHashSet<>(0);
    /** How many more there may be, whose names are not known. */
    private int nameless;

    private boolean tables;
    private boolean inDoubt;

    boolean isInDoubt() {
        return inDoubt;
    }

    /** Whether there is any, as far as is known. */
    boolean isHeld() {
        return tables || nameless > 0 || !names.isEmpty();
    }

    /** Notes what a locking statement that has run has taken, tried or let go. */
    void ran(WriteRequest request, Outliving.Server server) throws SQLException {
        Classification statement = request.classification;
        if (!statement.is(Trait.OUTLIVES_TRANSACTION)) {
            return;
        }
        String name = String.valueOf(statement.name());
        if (name.equals(Classification.LOCK_TABLES) || name.equals(Classification.UNLOCK_TABLES)) {
            tables = name.equals(Classification.LOCK_TABLES);
        }
        for (LockCall call : statement.lockCalls()) {
            called(call, request, server);
        }
    }

    private void called(LockCall call, WriteRequest request, Outliving.Server server) throws SQLException {
        String routine = call.routine;
        if (routine.endsWith("unlock_all") || routine.equals("release_all_locks")) {
            names.clear();
            nameless = 0;
        } else if (routine.contains("unlock") || routine.equals("release_lock")) {
            inDoubt = true;
            boolean ofAName = nameless > 0 && routine.equals("release_lock") && name(call, request, server) != null;
            nameless = ofAName ? nameless : Math.max(0, nameless - 1);
        } else {
            String name = routine.equals("get_lock") ? name(call, request, server) : null;
            inDoubt |= name != null || routine.contains("try");
            if (name == null) {
                nameless++;
            } else {
                names.add(name);
            }
        }
    }

    /** The lock's name; null where the argument may give another one each time, or rows are needed to tell. */
    private static @Nullable String name(LockCall call, WriteRequest request, Outliving.Server server)
            throws SQLException {
        Matcher plain = PLAIN.matcher(call.argument);
        if (plain.matches()) {
            return plain.group(1);
        }
        Classification statement = request.classification;
        boolean steady = statement.reads().isEmpty()
                && statement.functions().isEmpty()
                && !statement.is(Trait.VOLATILE)
                && !statement.is(Trait.GENERATOR);
        return steady ? server.lockName(call, request) : null;
    }

    /** Asks the server which are held. */
    void ask(Outliving.Server server) throws SQLException {
        if (!inDoubt) {
            return;
        }
        Boolean any = server.hasLocks();
        if (any != null) {
            nameless = any ? Math.max(1, nameless) : 0;
        }
        for (String name : new ArrayList<>(names)) {
            if (!server.holdsLock(name)) {
                names.remove(name);
            }
        }
        inDoubt = false;
    }

    /** The session has let go of all. */
    void clear() {
        names.clear();
        nameless = 0;
        tables = false;
    }
}
