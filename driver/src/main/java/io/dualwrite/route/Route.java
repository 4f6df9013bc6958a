package io.dualwrite.route;

import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a statement runs and what is done beside it. Immutable. */
public final class Route {

    /** The ways that a statement can go. */
    public enum Way {
        /** On one side, as the application wrote it; nothing is mirrored and nothing marked. */
        ONE_SIDE,
        /** On the authority, as the application wrote it, with a table-wide mark on what it may have written. */
        MARKED,
        /** On old, then on new, as the application wrote it, the read side answering: locks of rows, tables and names (R9). */
        LOCK_BOTH,
        /** On old, then on new, as the application wrote it, new answering: temporary tables where new is read (R22). */
        TEMPORARY,
        /** On both legs, as the application wrote it: what changes the session alone. */
        SESSION,
        /** On both legs, in the transaction on both: what wakes up those who listen. */
        NOTIFY,
        /** A write of Data A: on old, then on new, with its rows compared (R7, R25). */
        MIRROR,
        /** A change of the schema: on old, then on new, each committing by itself ({@code ddl = both}). */
        DEFINITION,
        /** Begins, ends or marks a point in a transaction by text. */
        TRANSACTION,
        /** Not run at all. */
        REFUSE
    }

    private final Way way;
    private final Side side;
    private final List<TableName> marked;
    private final @Nullable String reason;

    private Route(Way way, Side side, List<TableName> marked, @Nullable String reason) {
        this.way = way;
        this.side = side;
        this.marked = marked;
        this.reason = reason;
    }

    /** It runs as it is on this side alone. */
    public static Route on(Side side) {
        return new Route(Way.ONE_SIDE, side, Collections.<TableName>emptyList(), null);
    }

    static Route of(Way way, Side answering) {
        return new Route(way, answering, Collections.<TableName>emptyList(), null);
    }

    static Route marked(Side side, List<TableName> tables, String reason) {
        return new Route(Way.MARKED, side, tables, reason);
    }

    static Route refuse(Side side, String reason) {
        return new Route(Way.REFUSE, side, Collections.<TableName>emptyList(), reason);
    }

    /** The way. */
    public Way way() {
        return way;
    }

    /** The side on which it runs alone, or which answers where it runs on both. */
    public Side side() {
        return side;
    }

    /** With {@link Way#MARKED}: the tables to mark whole; empty means that any table may differ. */
    public List<TableName> marked() {
        return marked;
    }

    /** Why it is marked or refused, in words for an operator; null otherwise. */
    public @Nullable String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return way + " on " + side + (marked.isEmpty() ? "" : " marking " + marked)
                + (reason == null ? "" : ": " + reason);
    }
}
