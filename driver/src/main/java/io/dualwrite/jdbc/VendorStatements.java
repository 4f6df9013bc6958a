package io.dualwrite.jdbc;

import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Terms;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The vendors' statements behind one of the application's: at most one per leg, made when first needed, each with the settings
 * that the application has made. A leg that was replaced makes its statement anew.
 */
final class VendorStatements {

    /** Makes the vendor's statement on a leg. */
    interface Maker {
        Statement make(Leg leg) throws SQLException;
    }

    /** A setting of a statement. */
    interface Setting {
        void apply(Statement statement) throws SQLException;
    }

    private static final AtomicReferenceFieldUpdater<VendorStatements, @Nullable Statement> ON_OLD =
            AtomicReferenceFieldUpdater.newUpdater(VendorStatements.class, Statement.class, "onOld");
    private static final AtomicReferenceFieldUpdater<VendorStatements, @Nullable Statement> ON_NEW =
            AtomicReferenceFieldUpdater.newUpdater(VendorStatements.class, Statement.class, "onNew");

    private final Maker maker;
    private @Nullable Map<String, Setting> settings;
    private @Nullable Leg oldLeg;
    private @Nullable Leg newLeg;
    private volatile @Nullable Statement onOld;
    private volatile @Nullable Statement onNew;
    private @Nullable Leg answering;
    private Terms terms = Terms.USUAL;
    private int fetchSize;

    VendorStatements(Maker maker) {
        this.maker = maker;
    }

    Maker maker() {
        return maker;
    }

    /** The statement on the leg. */
    Statement on(Leg leg) throws SQLException {
        boolean old = leg.side == Side.OLD;
        Statement statement = old ? onOld : onNew;
        if (statement != null && (old ? oldLeg : newLeg) == leg) {
            return statement;
        }
        Statement made = maker.make(leg);
        if (settings != null) {
            for (Setting setting : settings.values()) {
                setting.apply(made);
            }
        }
        if (old) {
            oldLeg = leg;
            ON_OLD.lazySet(this, made);
        } else {
            newLeg = leg;
            ON_NEW.lazySet(this, made);
        }
        return made;
    }

    /** The side's statement, else that of the other; null where none has been made. */
    @Nullable
    Statement madeFor(Side side) {
        Statement old = onOld;
        Statement fresh = onNew;
        return old == null || fresh != null && side == Side.NEW ? fresh : old;
    }

    /** Whether the statement on the leg has been made. */
    boolean has(Leg leg) {
        return leg.side == Side.OLD ? oldLeg == leg : newLeg == leg;
    }

    /** The leg whose statement answered last, or null before the first execution. */
    @Nullable
    Leg answering() {
        return answering;
    }

    void answers(Leg leg) {
        if (answering != leg) {
            answering = leg;
        }
    }

    /** What the application has set that also holds where its text runs on another statement. */
    Terms terms() {
        return terms;
    }

    void terms(Terms set) {
        terms = set;
    }

    /** The application's fetch size in rows, 0 for the vendor's. */
    int fetchSize() {
        return fetchSize;
    }

    void fetchSize(int rows) {
        fetchSize = rows;
    }

    /** Whether the application has made the setting. */
    boolean isSet(String name) {
        return settings != null && settings.containsKey(name);
    }

    /** Makes the setting on every statement, those that are made later as well. */
    void set(String name, Setting setting) throws SQLException {
        for (Statement statement : all()) {
            setting.apply(statement);
        }
        Map<String, Setting> made = settings;
        if (made == null) {
            made = new LinkedHashMap<>();
            settings = made;
        }
        made.put(name, setting);
    }

    /** Every statement that has been made and whose leg is not given up, old's first; from any thread. */
    List<Statement> all() {
        List<Statement> all = new ArrayList<>(2);
        Statement one = onOld;
        if (one != null && isThere(oldLeg)) {
            all.add(one);
        }
        Statement other = onNew;
        if (other != null && isThere(newLeg)) {
            all.add(other);
        }
        return all;
    }

    private static boolean isThere(@Nullable Leg leg) {
        return leg != null && !leg.isLost();
    }

    /**
     * Closes them. One of a leg that was given up ends with its connection: closed here, it would complain of that, or ask a server that
     * hangs to cancel what is under way. Where it has answered it is closed all the same, as the application would close the vendor's.
     */
    void close() throws SQLException {
        Statement one = onOld;
        Statement other = onNew;
        try {
            if (one != null && isToBeClosed(oldLeg)) {
                one.close();
            }
        } finally {
            if (other != null && isToBeClosed(newLeg)) {
                other.close();
            }
        }
    }

    private boolean isToBeClosed(@Nullable Leg leg) {
        return isThere(leg) || leg == answering;
    }

    /** Runs a query so that all its rows are read at once. */
    static <T> T inOnePiece(Statement vendor, StatementWay.VendorCall<T> call) throws SQLException {
        // It may have come with the URL.
        int fetchSize = vendor.getFetchSize();
        if (fetchSize == 0) {
            return call.on(vendor);
        }
        vendor.setFetchSize(0);
        try {
            return call.on(vendor);
        } finally {
            vendor.setFetchSize(fetchSize);
        }
    }
}
