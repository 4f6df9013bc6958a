package io.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final Deque<Runnable> started = new ArrayDeque<>();
    private final Lane lane = new Lane(started::add);
    private final List<String> done = new ArrayList<>();

    /** Takes on others of its kind. */
    private final class Together implements Lane.Task {
        private String name;

        Together(String name) {
            this.name = name;
        }

        @Override
        public boolean goesWith(Lane.Task next) {
            return next instanceof Together;
        }

        @Override
        public boolean absorb(Lane.Task next) {
            if (!(next instanceof Together)) {
                return false;
            }
            name += '+' + ((Together) next).name;
            return true;
        }

        @Override
        public void run() throws SQLException {
            done.add(name);
            if (name.equals("fails")) {
                throw new SQLException(name);
            }
        }
    }

    @Test
    void whatWaits_goesTogether_asFarAsNothingElseLiesBetween() {
        lane.submit(new Together("a"));
        lane.submit(new Together("b"));
        lane.submitAside(() -> done.add("aside"));
        lane.submit(new Together("c"));
        lane.submit(() -> done.add("other"));
        lane.submit(new Together("d"));
        lane.submitAlways(() -> done.add("always"));
        lane.submit(new Together("e"));
        started.remove().run();
        assertThat(done).containsExactly("a+b", "aside", "c", "other", "d", "always", "e");
        assertThat(started).isEmpty();
    }

    @Test
    void afterAFailure_whatWaitsIsPassedOver_untilTheLaneIsCleared() {
        lane.submit(new Together("fails"));
        lane.submit(() -> done.add("other"));
        lane.submit(new Together("a"));
        lane.submitAlways(() -> done.add("always"));
        lane.submit(new Together("b"));
        started.remove().run();
        assertThat(done).containsExactly("fails", "always", "b");
        assertThat((Object) lane.failure()).isNull();
    }

    @Test
    void whoHelpsCannotBegin_andTheLaneIsFreeForTheNext() {
        lane.queueAlways(() -> done.add("joins"));
        assertThatThrownBy(() -> lane.await(1_000_000_000, work -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(lane.await(1_000_000_000, Runnable::run)).isTrue();
        assertThat(done).containsExactly("joins");
    }

    @Test
    void whatIsQueued_isDoneByWhoWaitsForIt_withoutAnotherThread() {
        lane.queueAlways(() -> done.add("joins"));
        lane.queue(new Together("a"));
        lane.queue(new Together("b"));
        assertThat(started).isEmpty();
        assertThat(lane.await(1_000_000_000, work -> {
                    done.add("helps");
                    work.run();
                }))
                .isTrue();
        assertThat(done).containsExactly("helps", "joins", "a+b");
        assertThat(started).isEmpty();
    }

    @Test
    void whatIsQueued_beginsWithWhatDoesNotGoWithIt() {
        lane.queue(new Together("a"));
        lane.queue(() -> done.add("other"));
        assertThat(started).hasSize(1);
        started.remove().run();
        assertThat(done).containsExactly("a", "other");
    }

    @Test
    void whoHasNoTime_leavesItToAnotherThread() {
        lane.queue(new Together("a"));
        assertThat(lane.await(0, Runnable::run)).isFalse();
        started.remove().run();
        assertThat(lane.await(0, Runnable::run)).isTrue();
        assertThat(done).containsExactly("a");
    }
}
