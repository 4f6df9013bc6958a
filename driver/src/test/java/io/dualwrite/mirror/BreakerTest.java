package io.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static final long BUDGET = Duration.ofSeconds(1).toNanos();
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final AtomicLong clock = new AtomicLong();
    private final Breaker breaker = new Breaker(clock::get);

    @Test
    void closed_givesTheWholeBudget() {
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET);
    }

    @Test
    void afterAWaitInVain_theNextOnesWaitLess_untilOneSucceeds() {
        breaker.stalled();
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET / 8);
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET / 8);
        breaker.succeeded();
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET);
    }

    @Test
    void afterFailuresInARow_nobodyWaits_butOneAPause_withItsWholeBudget() {
        breaker.stalled();
        assertThat(breaker.failed(2, PAUSE)).isFalse();
        assertThat(breaker.failed(2, PAUSE)).isTrue();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.patience(BUDGET)).isZero();
        clock.addAndGet(PAUSE.toNanos());
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET);
        assertThat(breaker.patience(BUDGET)).isZero();
        breaker.succeeded();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.patience(BUDGET)).isEqualTo(BUDGET);
    }
}
