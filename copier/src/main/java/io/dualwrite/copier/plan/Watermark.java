package io.dualwrite.copier.plan;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The moment from which the next incremental run looks at changes (R21): the start of the oldest transaction that was open
 * before this run's scan, less the skew that is allowed between clocks. Immutable.
 */
public final class Watermark {
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

    /**
     * The watermark as a value of the column, floored to the second; compared with {@code >=}. What fills a column may be
     * coarser than the column: MariaDB's {@code NOW()} gives whole seconds to a column that keeps microseconds.
     */
    public Object valueFor(Column column) {
        OffsetDateTime utc = moment.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC);
        if (column.kind == Kind.TIMESTAMP_TZ) {
            return utc;
        }
        return utc.toLocalDateTime().plus(localOffset);
    }

    /** The text of a column's value as a checkpoint keeps it. */
    public static String text(Object value) {
        return value.toString();
    }

    /** Reads a value back from a checkpoint. */
    public static Object parse(Column column, String text) {
        return column.kind == Kind.TIMESTAMP_TZ ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }
}
