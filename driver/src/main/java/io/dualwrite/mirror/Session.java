package io.dualwrite.mirror;

import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.Classification.Trait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the application has set on its connection and a leg opened later must have too: isolation, read-only, schema, the
 * texts of SET statements, in the application's order, for one may mean something else after another, and which variables have values to be
 * copied. Used by one thread at a time.
 */
public final class Session {
    private static final int MOST = 200;
    /** Settings that end with their transaction. */
    private static final Pattern OF_TRANSACTION =
            Pattern.compile("^\\s*SET\\s+(LOCAL|TRANSACTION|CONSTRAINTS)\\b", Pattern.CASE_INSENSITIVE);

    /** What stands behind the first equals sign may be computed of what was set before, or set something else too. */
    private static final Pattern COMPUTES = Pattern.compile("=.*[@(,]", Pattern.DOTALL);

    /** Texts that set these may each set another part of them: the isolation of transactions, and whether they are read only. */
    private static final Set<String> PARTLY = new HashSet<>(Arrays.asList("transaction", "characteristics"));

    private static final Pattern SETS = Pattern.compile("^\\s*(SET|RESET)\\b", Pattern.CASE_INSENSITIVE);

    /** A change of a leg's session. */
    public interface Change {
        void apply(Leg leg) throws SQLException;
    }

    /** A change by a name that later ones may have too; for legs of one vendor, or of any where that is null. */
    private static final class Entry {
        final String name;
        final @Nullable Vendor vendor;
        final boolean text;
        final Change change;

        Entry(String name, @Nullable Vendor vendor, boolean text, Change change) {
            this.name = name;
            this.vendor = vendor;
            this.text = text;
            this.change = change;
        }

        boolean isLike(Entry other) {
            return text == other.text && vendor == other.vendor && name.equals(other.name);
        }
    }

    private final List<Entry> entries = new ArrayList<>(0);
    /** What a transaction on PostgreSQL has set, whose rollback would undo it. */
    private final List<Entry> ofTransaction = new ArrayList<>(0);
    /** Settings of PostgreSQL's that were set with values of their own, which the session knows. */
    private Set<String> settings = Collections.emptySet();

    /** Variables of MariaDB's and H2's sessions that may have been set, as {@code @x}. */
    private Set<String> variables = Collections.emptySet();

    /** Whether one of the entries had to go for a newer one. */
    private boolean lost;

    private boolean namespaceChanged;
    /** Whether a text may have set the time zone of a session of MariaDB's. */
    private boolean timeZoneSet;

    /** Remembers a change; it comes after all that were remembered before. */
    void remember(String name, Change change) {
        add(new Entry(name, null, false, change));
    }

    /**
     * Remembers a change for legs of this vendor only, such as a schema's name; such changes of another vendor are forgotten.
     *
     * @param inTransaction whether a transaction is open, whose rollback undoes it on PostgreSQL
     */
    public void remember(String name, Vendor vendor, boolean inTransaction, Change change) {
        entries.removeIf(entry -> entry.vendor != null && entry.vendor != vendor && !entry.text);
        add(new Entry(name, vendor, false, change), inTransaction && isUndone(vendor));
    }

    /** Whether what the text sets ends with its transaction. */
    public static boolean isOfTransaction(String sql) {
        return OF_TRANSACTION.matcher(sql).find();
    }

    /** Whether the vendor undoes what a transaction has set for its session when it rolls that back. */
    static boolean isUndone(Vendor vendor) {
        return vendor == Vendor.POSTGRESQL;
    }

    /** Remembers the isolation level. */
    void isolation(int level) {
        remember("isolation", leg -> leg.connection.setTransactionIsolation(level));
    }

    /**
     * Remembers the text of a SET statement, with the values of its parameters, for legs of the same vendor. One with the value of a stream
     * is not kept, and the log says so; nor is one that ends with its transaction.
     *
     * @param inTransaction whether a transaction is open, whose rollback undoes it on PostgreSQL
     */
    public void remember(WriteRequest set, Vendor vendor, boolean inTransaction) {
        if (isOfTransaction(set.sql)) {
            return;
        }
        int parameters = set.binder == WriteRequest.Binder.NONE ? 0 : set.classification.parameters();
        if (parameters > 0 && !set.binder.isPlain(parameters)) {
            Faults.LOG.warn("A setting with the value of a stream is not kept for connections that are opened later");
            return;
        }
        Change change = parameters == 0 ? asText(set.sql) : withValues(set.sql, set.binder.snapshot());
        add(new Entry(nameOf(set, vendor), vendor, true, change), inTransaction && isUndone(vendor));
    }

    /**
     * Texts that set one and the same setting to a value of their own have one name, so that an application which sets one anew for each
     * request does not fill this. Others may build on what was set before, or be built upon.
     */
    private static String nameOf(WriteRequest set, Vendor vendor) {
        String setting = set.classification.name();
        boolean standsAlone = setting != null
                && !PARTLY.contains(setting)
                && !set.classification.is(Trait.NAMESPACE)
                && SETS.matcher(set.sql).find()
                && (vendor == Vendor.POSTGRESQL || !COMPUTES.matcher(set.sql).find());
        return standsAlone ? "SET " + setting : set.sql;
    }

    private static Change asText(String sql) {
        return leg -> {
            try (Statement statement = leg.connection.createStatement()) {
                statement.execute(sql);
            }
        };
    }

    private static Change withValues(String sql, WriteRequest.Binder values) {
        return leg -> {
            try (PreparedStatement statement = leg.connection.prepareStatement(sql)) {
                values.bind(statement, 0);
                statement.execute();
            }
        };
    }

    private void add(Entry added, boolean mayBeUndone) {
        if (mayBeUndone) {
            ofTransaction.add(added);
        } else {
            add(added);
        }
    }

    /** Of those of one name the first stays as well, for what was set after it may need it. */
    private void add(Entry added) {
        int same = 0;
        int last = -1;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).isLike(added)) {
                same++;
                last = i;
            }
        }
        if (same > 1 || same == 1 && last == entries.size() - 1) {
            entries.remove(last);
        } else if (entries.size() >= MOST) {
            if (!lost) {
                lost = true;
                Faults.LOG.warn("More than {} settings on one connection; the eldest are not kept", MOST);
            }
            entries.remove(0);
        }
        entries.add(added);
    }

    /** Remembers that a setting was set, on PostgreSQL; a leg opened later takes its value from the other. */
    public void rememberSetting(String setting) {
        settings = with(settings, Collections.singletonList(setting));
    }

    /** Most connections have none, and no set. */
    private static Set<String> with(Set<String> known, List<String> further) {
        Set<String> all = known.isEmpty() ? new LinkedHashSet<>() : known;
        all.addAll(further);
        return all;
    }

    /** Remembers that variables may have been set; a leg opened later takes their values from the other. */
    void rememberVariables(List<String> named) {
        if (variables.size() < MOST) {
            variables = with(variables, named);
        } else if (!variables.containsAll(named)) {
            Faults.LOG.warn("More than {} variables on one connection; further ones are not kept", MOST);
        }
    }

    /** One of the changes is of what unqualified names mean. */
    void namespaceChanged() {
        namespaceChanged = true;
    }

    /** A text may set the time zone of a session of MariaDB's. */
    void timeZoneWasSet() {
        timeZoneSet = true;
    }

    /** The transaction was rolled back: what it has set on PostgreSQL is gone. */
    void transactionRolledBack() {
        ofTransaction.clear();
    }

    /** The transaction is over: what it has set stays. */
    void transactionEnded() {
        if (!ofTransaction.isEmpty()) {
            ofTransaction.forEach(this::add);
            ofTransaction.clear();
        }
    }

    /** What a leg's session had for the settings and variables that are carried by value. Immutable. */
    static final class Values {
        private final Vendor vendor;
        private final Map<String, String> settings;
        private final List<String> names;
        private final Object @Nullable [] variables;

        private Values(Vendor vendor, Map<String, String> settings, List<String> names, Object @Nullable [] variables) {
            this.vendor = vendor;
            this.settings = settings;
            this.names = names;
            this.variables = variables;
        }
    }

    /** What the leg has now, for a new one; null where there is none, or nothing is carried by value. */
    @Nullable
    Values valuesOn(@Nullable Leg leg) throws SQLException {
        if (leg == null || settings.isEmpty() && variables.isEmpty()) {
            return null;
        }
        List<String> names = new ArrayList<>(variables);
        return new Values(leg.dialect.vendor(), settingsOn(leg.connection), names, variablesOn(leg, names));
    }

    private Map<String, String> settingsOn(Connection connection) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        if (settings.isEmpty()) {
            return values;
        }
        try (PreparedStatement read = connection.prepareStatement("SELECT current_setting(?, true)")) {
            for (String setting : settings) {
                read.setString(1, setting);
                try (ResultSet rows = read.executeQuery()) {
                    String value = rows.next() ? rows.getString(1) : null;
                    if (value != null) {
                        values.put(setting, value);
                    }
                }
            }
        }
        return values;
    }

    /** Where the leg does not answer, the new one has what the texts have made of it. */
    private static Object @Nullable [] variablesOn(Leg leg, List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        try {
            return Variables.read(leg, names);
        } catch (SQLException e) {
            Faults.LOG.debug("Reading the variables of {} failed: {}", leg.side.word(), Faults.described(e));
            return null;
        }
    }

    /**
     * Makes a new leg's session what the application has made of it.
     *
     * @param values what the application's other leg has, or null
     */
    void applyTo(Leg leg, @Nullable Values values) throws SQLException {
        if (namespaceChanged) {
            leg.namespaceChanges();
        }
        if (timeZoneSet) {
            leg.keepTimeZone();
        }
        applyTo(leg, entries);
        applyTo(leg, ofTransaction);
        // Last, for what the other leg has is newer than any text.
        if (values != null && values.vendor == leg.dialect.vendor()) {
            setSettings(leg.connection, values.settings);
            if (values.variables != null) {
                Variables.set(leg, values.names, values.variables);
            }
        }
    }

    private static void applyTo(Leg leg, List<Entry> entries) throws SQLException {
        for (Entry entry : entries) {
            if (entry.vendor == null || entry.vendor == leg.dialect.vendor()) {
                entry.change.apply(leg);
            }
        }
    }

    private static void setSettings(Connection connection, Map<String, String> values) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, false)")) {
            for (Map.Entry<String, String> value : values.entrySet()) {
                set.setString(1, value.getKey());
                set.setString(2, value.getValue());
                set.execute();
            }
        }
    }
}
