package io.dualwrite.mirror;

import io.dualwrite.dialect.Vendor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the application has set on its connection and a leg opened later must have too: isolation, read-only, schema, and the
 * texts of SET statements. Used by one thread at a time.
 */
public final class Session {
    private static final int MOST_TEXTS = 200;
    /** Settings that end with their transaction. */
    private static final Pattern OF_TRANSACTION =
            Pattern.compile("^\\s*SET\\s+(LOCAL|TRANSACTION|CONSTRAINTS)\\b", Pattern.CASE_INSENSITIVE);

    /** A change of a leg's session. */
    public interface Change {
        void apply(Leg leg) throws SQLException;
    }

    private final Map<String, Change> changes = new LinkedHashMap<>();
    private final Map<String, Change> vendorsChanges = new LinkedHashMap<>();
    private @Nullable Vendor vendorOfChanges;
    private final Map<String, Vendor> texts = new LinkedHashMap<>();
    private final List<String> ofTransaction = new ArrayList<>(0);
    /** Settings of PostgreSQL's that were set with values of their own, which the session knows. */
    private final Set<String> settings = new LinkedHashSet<>(0);

    private int isolation = -1;
    private boolean namespaceChanged;

    /** Remembers a change; one of the same name is replaced. */
    public void remember(String name, Change change) {
        changes.put(name, change);
    }

    /** Remembers a change for legs of this vendor only, such as a schema's name. */
    public void remember(String name, Vendor vendor, Change change) {
        if (vendorOfChanges != vendor) {
            vendorsChanges.clear();
            vendorOfChanges = vendor;
        }
        vendorsChanges.put(name, change);
    }

    /** Remembers the isolation level. */
    public void isolation(int level) {
        isolation = level;
    }

    /**
     * Remembers the text of a SET statement, for legs of the same vendor.
     *
     * @param inTransaction whether a transaction is open, whose rollback undoes it on PostgreSQL
     */
    public void remember(String sql, Vendor vendor, boolean inTransaction) {
        if (OF_TRANSACTION.matcher(sql).find()) {
            return;
        }
        boolean known = texts.remove(sql) != null;
        if (inTransaction && !known && vendor == Vendor.POSTGRESQL) {
            ofTransaction.add(sql);
        }
        if (texts.size() < MOST_TEXTS) {
            texts.put(sql, vendor);
        } else {
            Faults.LOG.warn(
                    "More than {} different SET statements on one connection; further ones are not kept", MOST_TEXTS);
        }
    }

    /** Remembers that a setting was set, on PostgreSQL; a leg opened later takes its value from the other. */
    public void rememberSetting(String setting) {
        settings.add(setting);
    }

    /** One of the changes is of what unqualified names mean. */
    void namespaceChanged() {
        namespaceChanged = true;
    }

    /** The transaction was rolled back: what it has set on PostgreSQL is gone. */
    void transactionRolledBack() {
        for (String sql : ofTransaction) {
            texts.remove(sql);
        }
        ofTransaction.clear();
    }

    /** The transaction is over: what it has set stays. */
    void transactionEnded() {
        if (!ofTransaction.isEmpty()) {
            ofTransaction.clear();
        }
    }

    /**
     * Makes a new leg's session what the application has made of it.
     *
     * @param other the application's other leg, or null
     */
    void applyTo(Leg leg, @Nullable Leg other) throws SQLException {
        if (namespaceChanged) {
            leg.namespaceChanges();
        }
        if (isolation >= 0) {
            leg.connection.setTransactionIsolation(isolation);
        }
        for (Change change : changes.values()) {
            change.apply(leg);
        }
        if (vendorOfChanges == leg.dialect.vendor()) {
            for (Change change : vendorsChanges.values()) {
                change.apply(leg);
            }
        }
        for (Map.Entry<String, Vendor> text : texts.entrySet()) {
            if (text.getValue() == leg.dialect.vendor()) {
                try (java.sql.Statement statement = leg.connection.createStatement()) {
                    statement.execute(text.getKey());
                }
            }
        }
        // Last, for what the other leg has now is newer than any text.
        if (other != null && other.dialect.vendor() == leg.dialect.vendor()) {
            copySettings(other.connection, leg.connection);
        }
    }

    private void copySettings(Connection from, Connection to) throws SQLException {
        if (settings.isEmpty()) {
            return;
        }
        try (PreparedStatement read = from.prepareStatement("SELECT current_setting(?, true)");
                PreparedStatement set = to.prepareStatement("SELECT set_config(?, ?, false)")) {
            for (String setting : settings) {
                read.setString(1, setting);
                try (ResultSet rows = read.executeQuery()) {
                    String value = rows.next() ? rows.getString(1) : null;
                    if (value != null) {
                        set.setString(1, setting);
                        set.setString(2, value);
                        set.execute();
                    }
                }
            }
        }
    }
}
