package io.dualwrite.config;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One valid reading of the properties file. Immutable and thread-safe. Each field is the {@link Setting} of its name. */
public final class Settings {
    /** Hexadecimal digits of each part of the fingerprint. */
    private static final int PART = 16;

    private static final String WRITES = "writes";
    private static final String[] PARTS = {"dataA or dataB", "unlisted", "routine.*", "gate or ddl"};

    public final Phase phase;
    public final Manifest manifest;
    public final String instance;
    public final int fleetSize;
    /** After this long without a heartbeat an instance counts as dead; 15 s by default. */
    public final Duration fleetDead;
    /** How often the registry is written and read; 1 s by default. */
    public final Duration heartbeat;
    /** Whether steps of the fleet ask for the gate's pass; true by default. */
    public final boolean gate;
    /** Users, application names and addresses whose sessions are no instance's and only read, in lower case; none by default. */
    public final List<String> sessionsAllowed;
    /** What happens to DDL on dual rungs; refused by default. */
    public final Setting.Ddl ddl;
    /** The longest that trouble on the mirror may delay a request; 1 s by default (promise 2). */
    public final Duration mirrorBudget;
    /** The longest wait for a lock on the mirror (R5); 500 ms by default. */
    public final Duration mirrorLock;
    /** The longest run of a statement on the mirror (R5); 1 s by default. */
    public final Duration mirrorStatement;
    /** The longest wait for a connection to the mirror (R5); 500 ms by default. */
    public final Duration mirrorOpen;
    /** Failures in a row after which the breaker opens; 5 by default. */
    public final int breakerFailures;
    /** How long the breaker stays open before one transaction tries again; 2 s by default. */
    public final Duration breakerPause;
    /** Rows that the copier reads and writes at a time; 10,000 by default. */
    public final int copyChunk;
    /** The longest that the copier holds row locks on old (R18); 50 ms by default. */
    public final Duration copyLock;
    /** How far the clocks that fill last-modified columns may be behind the server's (R21); 5 s by default. */
    public final Duration copySkew;

    private final String fingerprint;
    private final Map<Side, String> urls = new EnumMap<>(Side.class);
    private final Map<Side, String> users = new EnumMap<>(Side.class);
    private final Map<Side, String> passwords = new EnumMap<>(Side.class);
    private final Map<Side, Map<String, String>> properties = new EnumMap<>(Side.class);
    private final Map<String, String> routines;
    private final Map<String, String> lastModified;
    private final Map<String, String> keys;

    /** Takes over what the parser found valid. */
    Settings(ValidValues values) {
        phase = values.get(Setting.PHASE, Phase.class);
        manifest = new Manifest(
                values.tables(Setting.DATA_A),
                values.tables(Setting.DATA_B),
                values.get(Setting.UNLISTED, Setting.Unlisted.class));
        instance = values.get(Setting.INSTANCE, String.class);
        fleetSize = values.get(Setting.FLEET_SIZE, Integer.class);
        fleetDead = values.get(Setting.FLEET_DEAD, Duration.class);
        heartbeat = values.get(Setting.HEARTBEAT, Duration.class);
        gate = values.get(Setting.GATE, Setting.Switch.class) == Setting.Switch.ON;
        sessionsAllowed = Collections.unmodifiableList(values.names(Setting.SESSIONS_ALLOWED));
        ddl = values.get(Setting.DDL, Setting.Ddl.class);
        mirrorBudget = values.get(Setting.MIRROR_BUDGET, Duration.class);
        mirrorLock = values.get(Setting.MIRROR_LOCK, Duration.class);
        mirrorStatement = values.get(Setting.MIRROR_STATEMENT, Duration.class);
        mirrorOpen = values.get(Setting.MIRROR_OPEN, Duration.class);
        breakerFailures = values.get(Setting.BREAKER_FAILURES, Integer.class);
        breakerPause = values.get(Setting.BREAKER_PAUSE, Duration.class);
        copyChunk = values.get(Setting.COPY_CHUNK, Integer.class);
        copyLock = values.get(Setting.COPY_LOCK, Duration.class);
        copySkew = values.get(Setting.COPY_SKEW, Duration.class);
        side(Side.OLD, values, Setting.OLD_URL, Setting.OLD_USER, Setting.OLD_PASSWORD, Setting.OLD_PROPERTY);
        side(Side.NEW, values, Setting.NEW_URL, Setting.NEW_USER, Setting.NEW_PASSWORD, Setting.NEW_PROPERTY);
        routines = lowerCased(values.named(Setting.ROUTINE));
        lastModified = lowerCased(values.named(Setting.LAST_MODIFIED));
        keys = lowerCased(values.named(Setting.KEY));
        fingerprint = digest(manifest.canonical())
                + digest(values.get(Setting.UNLISTED, Setting.Unlisted.class).name())
                + digest((routines + (keys.isEmpty() ? "" : keys.toString())).replaceAll("\\s+", " "))
                + digest(gate + "/" + ddl);
    }

    private void side(Side side, ValidValues values, Setting url, Setting user, Setting password, Setting named) {
        urls.put(side, values.get(url, String.class));
        putIfGiven(users, side, values.get(user, String.class));
        putIfGiven(passwords, side, values.get(password, String.class));
        properties.put(side, values.named(named));
    }

    private static void putIfGiven(Map<Side, String> bySide, Side side, String value) {
        if (!value.isEmpty()) {
            bySide.put(side, value);
        }
    }

    /**
     * Reads settings that do not stand in a file.
     *
     * @param entries keys and values as the file would have them
     * @throws SettingsException if they are not valid
     */
    public static Settings of(Map<String, String> entries) throws SettingsException {
        return SettingsParser.parse("settings", entries, Collections.emptyList());
    }

    /** The vendor's JDBC URL of a side. */
    public String url(Side side) {
        String url = urls.get(side);
        if (url == null) {
            throw new IllegalStateException("no URL of " + side.word());
        }
        return url;
    }

    /** The user of a side, or null where the file names none. */
    public @Nullable String user(Side side) {
        return users.get(side);
    }

    /** Connection properties of a side: user, password and every {@code old.property.NAME} or {@code new.property.NAME}. */
    public Properties connectionProperties(Side side) {
        Properties found = new Properties();
        found.putAll(properties.getOrDefault(side, Collections.emptyMap()));
        String user = users.get(side);
        if (user != null) {
            found.setProperty("user", user);
        }
        String password = passwords.get(side);
        if (password != null) {
            found.setProperty("password", password);
        }
        return found;
    }

    /** Whether a function, procedure or trigger may write, as far as the file says; of its names the first decides of which that says something. */
    public boolean mayWrite(String... names) {
        for (String name : names) {
            List<TableName> said = routineWrites(name);
            if (said != null) {
                return !said.isEmpty();
            }
        }
        return true;
    }

    /** What {@code routine.NAME} declares of a function, procedure or trigger: {@code reads}, {@code writes t1, t2}, or null. */
    public @Nullable String routine(String name) {
        return routines.get(name.toLowerCase(Locale.ROOT));
    }

    /** The tables that {@code routine.NAME} says a function, procedure or trigger writes; none where it reads, null where nothing is said. */
    public @Nullable List<TableName> routineWrites(String name) {
        String said = routine(name);
        if (said == null) {
            return null;
        }
        List<TableName> tables = new ArrayList<>(0);
        String words = said.trim();
        if (words.toLowerCase(Locale.ROOT).startsWith(WRITES)) {
            for (String table : words.substring(WRITES.length()).split(",")) {
                tables.add(TableName.of(table.trim()));
            }
        }
        return tables;
    }

    /**
     * The columns by which rows of a table without a primary key are told apart: those that the file names, with or without the
     * table's schema, or that a well-known tool's table has; empty where nothing is known.
     */
    public List<String> key(TableName table) {
        String named = keys.get(table.toString().toLowerCase(Locale.ROOT));
        if (named == null) {
            named = keys.get(table.table().toLowerCase(Locale.ROOT));
        }
        return named == null ? KnownKeys.of(table) : Arrays.asList(named.trim().split("\\s*,\\s*"));
    }

    /** The last-modified column that the file names for a table, with or without its schema; null for none. */
    public @Nullable String lastModified(TableName table) {
        String qualified = lastModified.get(table.toString().toLowerCase(Locale.ROOT));
        return qualified != null ? qualified : lastModified.get(table.table().toLowerCase(Locale.ROOT));
    }

    /** A digest of what must be the same in the whole fleet (R28): manifest, unlisted, routines and keys, gate and ddl; 64 characters. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * The settings in which another instance differs.
     *
     * @param other that instance's {@link #fingerprint}
     * @return the keys in words, or null where nothing differs
     */
    public @Nullable String differsIn(String other) {
        if (other.equals(fingerprint)) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < PARTS.length; i++) {
            if (other.length() != fingerprint.length() || !other.regionMatches(i * PART, fingerprint, i * PART, PART)) {
                parts.add(PARTS[i]);
            }
        }
        return String.join(" and ", parts);
    }

    private static Map<String, String> lowerCased(Map<String, String> entries) {
        Map<String, String> lowered = new TreeMap<>();
        entries.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), value));
        return Collections.unmodifiableMap(lowered);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < PART / 2; i++) {
                hex.append(String.format(Locale.ROOT, "%02x", hash[i]));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Phase and instance; never a URL or a credential. */
    @Override
    public String toString() {
        return "settings of " + instance + ", phase " + phase.number();
    }
}
