package io.dualwrite.jdbc;

import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Session;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the application's texts say of its session: SET, USE and the modes of BEGIN. What they set is remembered for legs that are
 * opened later. Stateless.
 */
final class SessionTexts {
    private static final Pattern ISOLATION = Pattern.compile("isolation", Pattern.CASE_INSENSITIVE);

    /** The modes of a BEGIN; the first group tells those that change what is read. */
    private static final Pattern MODES = Pattern.compile(
            "\\b(?:(ISOLATION)\\s+LEVEL\\s+(?:SERIALIZABLE|REPEATABLE\\s+READ|READ\\s+(?:UN)?COMMITTED)"
                    + "|READ\\s+(?:ONLY|WRITE)|(?:NOT\\s+)?DEFERRABLE)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern AUTO_COMMIT =
            Pattern.compile("\\bautocommit\\b\\W*(?:\\bto\\b\\W*)?(\\w+)", Pattern.CASE_INSENSITIVE);

    /** What may set how long the session waits or runs. */
    private static final Pattern LIMITS = Pattern.compile(
            "timeout|max_(?:statement|execution)_time|\\b(?:RESET|DISCARD)\\b", Pattern.CASE_INSENSITIVE);

    /** The third argument of a set_config that is, or may be, of its transaction. */
    private static final Pattern LOCALLY = Pattern.compile("(?:\\btrue\\b|[?])\\s*\\)", Pattern.CASE_INSENSITIVE);

    private static final Pattern TRANSACTIONAL = Pattern.compile("\\bTRANSACTIONAL\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern TIME_ZONE = Pattern.compile("\\btime_zone\\b", Pattern.CASE_INSENSITIVE);

    private SessionTexts() {}

    /** Whether a text may set such a limit for longer than its transaction. */
    static boolean mayLimit(WriteRequest request) {
        boolean bySetConfig = String.valueOf(request.classification.name()).startsWith(Classification.SET_CONFIG);
        return LIMITS.matcher(request.sql).find()
                && !Session.isOfTransaction(request.sql)
                && !(bySetConfig && LOCALLY.matcher(request.sql).find());
    }

    /** Whether H2 is told not to commit before it defines a temporary table. */
    static boolean isTransactional(String sql) {
        return TRANSACTIONAL.matcher(sql).find();
    }

    static boolean setsAutoCommit(Classification statement) {
        return statement.verb() == Verb.SESSION && "autocommit".equals(statement.name());
    }

    /** Whether autocommit is named in the text, and so perhaps set. */
    static boolean namesAutoCommit(String sql) {
        return AUTO_COMMIT.matcher(sql).find();
    }

    /** Whether MariaDB's setting of the time zone is named in the text, and so perhaps set. */
    static boolean namesTimeZone(String sql) {
        return TIME_ZONE.matcher(sql).find();
    }

    /** Whether a text that sets autocommit turns it on: to 1, ON or TRUE, on H2 without an equals sign before it. */
    static boolean turnsOn(String sql) {
        Matcher set = AUTO_COMMIT.matcher(sql);
        String value = set.find() ? set.group(1).toLowerCase(Locale.ROOT) : "";
        return value.equals("1") || value.equals("on") || value.equals("true");
    }

    /** The database that {@code USE} names, or null for any other statement. */
    static @Nullable String usedDatabase(Classification statement) {
        String name = statement.name();
        return statement.verb() == Verb.SESSION && name != null && name.startsWith(Classification.USE)
                ? name.substring(Classification.USE.length())
                : null;
    }

    /** Takes over what a BEGIN, which has begun the transaction, says of it. */
    static void takeModes(DualTransaction transaction, String begin) throws SQLException {
        Matcher mode = MODES.matcher(begin);
        while (mode.find()) {
            transaction.sessions.mode(mode.group(), mode.group(1) != null);
        }
    }

    /** Remembers what a text has set on the leg, for legs that are opened later. */
    static void remember(DualTransaction transaction, WriteRequest request, Leg leg) {
        Classification statement = request.classification;
        if (ISOLATION.matcher(request.sql).find()) {
            transaction.sessions.isolationMayChange();
        }
        Session session = transaction.legs.session();

        String used = usedDatabase(statement);
        String name = String.valueOf(statement.name());
        if (used != null) {
            session.remember(
                    "catalog",
                    leg.dialect.vendor(),
                    transaction.goesOn(),
                    other -> other.connection.setCatalog(other.named(used, leg.side)));
        } else if (name.equals(Classification.SET_CONFIG) || name.startsWith(Classification.SET_CONFIG + ' ')) {
            rememberSettings(session, name, request);
        } else {
            session.remember(request, leg.dialect.vendor(), transaction.goesOn());
        }
    }

    /** The settings that calls of set_config have set, by their own names or by parameters. */
    private static void rememberSettings(Session session, String name, WriteRequest request) {
        for (String word :
                name.substring(Classification.SET_CONFIG.length()).trim().split(" ")) {
            Object setting = word.startsWith("?") ? request.value(Integer.parseInt(word.substring(1))) : word;
            if (setting != null && !"".equals(setting)) {
                session.rememberSetting(setting.toString());
            }
        }
    }
}
