package io.dualwrite.copier.plan;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/**
 * The moment from which the next incremental run looks at changes (R21): the start of the oldest transaction that was open
 * before this run's scan, less the skew that is allowed between clocks. Immutable.
 */
public final class Watermark {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Instant moment;
    private final Duration localOffset;

    private Watermark(Instant moment, Duration localOffset) {
        this.moment = moment;
        this.localOffset = localOffset;
    }

    /**
     * The watermark of a scan that begins after these values were read.
     *
     * @param oldest when the oldest open transaction began
     * @param skew by how much the clocks that fill the column may differ from the server's
     * @param localOffset what a column without time zone shows less UTC, in the source's sessions
     */
    public static Watermark before(Instant oldest, Duration skew, Duration localOffset) {
        return new Watermark(oldest.minus(skew), localOffset);
    }

    /** The watermark as a value of the column, floored to what the column keeps; compared with {@code >=}. */
    public Object valueFor(Column column) {
        if (column.kind == Kind.TIMESTAMP_TZ) {
            return floor(moment.atOffset(ZoneOffset.UTC).toLocalDateTime(), column.fractionDigits)
                    .atOffset(ZoneOffset.UTC);
        }
        LocalDateTime local = moment.atOffset(ZoneOffset.UTC).toLocalDateTime().plus(localOffset);
        return floor(local, column.fractionDigits);
    }

    /** The text of a column's value as a checkpoint keeps it. */
    public static String text(Object value) {
        return value.toString();
    }

    /** Reads a value back from a checkpoint. */
    public static Object parse(Column column, String text) {
        return column.kind == Kind.TIMESTAMP_TZ ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    private static LocalDateTime floor(LocalDateTime time, int fractionDigits) {
        if (fractionDigits >= 9) {
            return time;
        }
        long step = NANOS_PER_SECOND / Math.round(Math.pow(10, Math.max(0, fractionDigits)));
        long nanos = time.getLong(ChronoField.NANO_OF_SECOND) / step * step;
        return time.truncatedTo(ChronoUnit.SECONDS).plusNanos(nanos);
    }
}
