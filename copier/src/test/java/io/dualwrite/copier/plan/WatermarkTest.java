package io.dualwrite.copier.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

final class WatermarkTest {
    private static final Instant OLDEST = Instant.parse("2026-01-31T10:00:05.999999Z");
    private static final Duration SKEW = Duration.ofSeconds(2);
    private static final Duration OFFSET = Duration.ofHours(1);

    private static Column column(Kind kind) {
        return Column.named("updated_at", kind, "timestamp(6)")
                .fractionDigits(6)
                .build();
    }

    @Test
    void valueFor_isFlooredToTheSecond_forTheServersClockMayGiveNoMoreToAFinerColumn() {
        Watermark watermark = Watermark.before(OLDEST, SKEW, OFFSET);
        assertThat(watermark.valueFor(column(Kind.TIMESTAMP))).isEqualTo(LocalDateTime.parse("2026-01-31T11:00:03"));
        assertThat(watermark.valueFor(column(Kind.TIMESTAMP_TZ)))
                .isEqualTo(OffsetDateTime.parse("2026-01-31T10:00:03Z"));
    }

    @Test
    void text_isReadBackAsItWas() {
        Watermark watermark = Watermark.before(OLDEST, SKEW, OFFSET);
        for (Kind kind : new Kind[] {Kind.TIMESTAMP, Kind.TIMESTAMP_TZ}) {
            Object value = watermark.valueFor(column(kind));
            assertThat(Watermark.parse(column(kind), Watermark.text(value))).isEqualTo(value);
        }
    }
}
