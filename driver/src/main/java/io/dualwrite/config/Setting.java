package io.dualwrite.config;

import io.dualwrite.ladder.Phase;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every key of the properties file: the one truth about settings, from which the documentation's table is made. */
public enum Setting {
    PHASE(
            "phase",
            null,
            Format.of("one of 1, 2, 3, 5, 6 (0 means 1, 4 means 3)", text -> Phase.of(Integer.parseInt(text))),
            "The step of the procedure that this instance shall go to; editing it moves a running instance."),
    OLD_URL("old.url", null, Format.url(), "JDBC URL of the old database, as the vendor's driver takes it."),
    OLD_USER("old.user", "", Format.of("a user name", text -> text), Words.USER + " Without it the application's own."),
    OLD_PASSWORD("old.password", "", Format.secret("a password"), "Password of that user."),
    OLD_PROPERTY(
            "old.property.*",
            "",
            Format.secret("any text"),
            "A property NAME for the old database's driver; counts more than what the application gives its driver."),
    NEW_URL("new.url", null, Format.url(), "JDBC URL of the new database, as the vendor's driver takes it."),
    NEW_USER("new.user", "", Format.of("a user name", text -> text), Words.USER),
    NEW_PASSWORD("new.password", "", Format.secret("a password"), "Password of that user."),
    NEW_PROPERTY(
            "new.property.*",
            "",
            Format.secret("any text"),
            "A property NAME for the new database's driver; counts more than what the application gives its driver, which new has as well where both are of one vendor, but for user, password and what else is good for one server alone (certificates, authentication, currentSchema, options)."),
    DATA_A("dataA", "", Format.tables(), "Data A: what end users read, always in step on both databases."),
    DATA_B("dataB", "", Format.tables(), "Data B: what batches derive, copied once more instead of mirrored."),
    UNLISTED(
            "unlisted",
            "A",
            Format.choice(Unlisted.class),
            "What a table on neither list counts as; refuse: writes of it are refused on dual rungs."),
    ROUTINE(
            "routine.*",
            "",
            Format.word(
                    "reads, or writes TABLE, TABLE", Pattern.compile("reads|writes\\s+[^\\s,]+(\\s*,\\s*[^\\s,]+)*")),
            "What the function, procedure or trigger NAME does, where the driver cannot know; of a trigger, beside its own row."),
    INSTANCE(
            "instance",
            "the host's name",
            Format.word(
                    "1 to 100 letters, digits and . _ : - characters", Pattern.compile("[\\p{L}\\p{N}._:-]{1,100}")),
            "This instance's name in the fleet; no two live ones may have the same."),
    FLEET_SIZE(
            "fleet.size",
            "1",
            Format.count(1, 1000),
            "How many instances the fleet has; the gate wants exactly these."),
    FLEET_DEAD(
            "fleet.dead",
            "15 s",
            Format.duration("1 s", "10 min"),
            "After this long without a heartbeat an instance counts as dead."),
    HEARTBEAT(
            "heartbeat",
            "1 s",
            Format.duration("20 ms", "60 s"),
            "How often the file is read, the registry is written and a step is considered."),
    GATE(
            "gate",
            "on",
            Format.choice(Switch.class),
            "Whether steps of the fleet ask for the gate's pass; off is for tests only."),
    SESSIONS_ALLOWED(
            "sessions.allowed",
            "",
            Format.names(),
            "Sessions at the servers that are no instance's and only read, such as a monitoring's: the gate lets them be,"
                    + " and sync does not wait for them."),
    DDL(
            "ddl",
            "refuse",
            Format.choice(Ddl.class),
            "What happens to DDL on dual rungs: refused, or run on both (same vendor)."),
    MIRROR_BUDGET(
            "mirror.budget",
            "1 s",
            Format.duration("1 ms", "1 min"),
            "The longest that trouble on the mirror may delay a request in 3 and 5."),
    MIRROR_LOCK(
            "mirror.lock", "500 ms", Format.duration("1 ms", "1 min"), "The longest wait for a lock on the mirror."),
    MIRROR_STATEMENT(
            "mirror.statement",
            "1 s",
            Format.duration("1 ms", "10 min"),
            "The longest run of one statement on the mirror."),
    MIRROR_OPEN(
            "mirror.open",
            "500 ms",
            Format.duration("1 ms", "1 min"),
            "The longest wait for a connection to the mirror."),
    BREAKER_FAILURES(
            "breaker.failures",
            "5",
            Format.count(1, 10_000),
            "Failures of the mirror in a row after which it is left alone and everything is marked."),
    BREAKER_PAUSE(
            "breaker.pause",
            "2 s",
            Format.duration("10 ms", "10 min"),
            "How long the mirror is then left alone before one transaction tries it again."),
    COPY_CHUNK("copy.chunk", "10000", Format.count(1, 10_000_000), "Rows that the copier reads and writes at a time."),
    COPY_LOCK(
            "copy.lock",
            "50 ms",
            Format.duration("1 ms", "10 s"),
            "The longest that the copier holds row locks on old while the fleet is at 3 or above."),
    COPY_SKEW(
            "copy.skew",
            "5 s",
            Format.duration("0 ms", "24 h"),
            "How far the clocks that fill last-modified columns may be behind the server's."),
    LAST_MODIFIED(
            "lastModified.*",
            "",
            Format.word("the name of a column", Pattern.compile("[^\\s,]+")),
            "The column that says when a row of the table NAME was last changed."),
    KEY(
            "key.*",
            "",
            Format.word("names of columns, separated by commas", Pattern.compile("[^\\s,]+(\\s*,\\s*[^\\s,]+)*")),
            "The columns by which rows of the table NAME are told apart, where it has no primary key: none may be NULL, and"
                    + " no two rows may have the same values in all of them.");

    private final String key;
    private final @Nullable String fallback;
    private final Format format;
    private final String sentence;

    Setting(String key, @Nullable String fallback, Format format, String sentence) {
        this.key = key;
        this.fallback = fallback;
        this.format = format;
        this.sentence = sentence;
    }

    /** What {@code unlisted} may say. */
    enum Unlisted {
        A,
        B,
        REFUSE
    }

    /** What {@code gate} may say. */
    enum Switch {
        ON,
        OFF
    }

    /** What {@code ddl} may say. */
    public enum Ddl {
        REFUSE,
        BOTH
    }

    /** The key as it stands in the file; a trailing {@code *} stands for a name of the operator's. */
    public String key() {
        return key;
    }

    /** Whether the key has a name of the operator's at its end, so that it may stand in the file several times. */
    public boolean named() {
        return key.endsWith("*");
    }

    /** The key without the name at its end. */
    String prefix() {
        return key.substring(0, key.length() - 1);
    }

    /** The value where the file has none: empty for nothing, null where the file must have one. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** What the value may be, with its unit and range. */
    public String allowed() {
        return format.allowed;
    }

    /** What the setting is for, in one sentence. */
    public String sentence() {
        return sentence;
    }

    /** Whether values are kept out of every message. */
    public boolean secret() {
        return format.secret;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if it is not {@link #allowed}
     */
    Object read(String text) {
        return format.read(text);
    }

    private static final class Words {
        static final String USER = "User of that database.";
    }
}
