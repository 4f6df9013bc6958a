package io.dualwrite.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class HandOnLoggerTest {
    private final List<String> heard = new ArrayList<>();

    /** A class of the driver's that is loaded may be the first of all that ask the application for its logging. */
    @Test
    void applicationsLogger_isAskedForWithTheFirstLine() {
        HandOnLogger logger = new HandOnLogger("io.dualwrite.Any", this::sink);
        assertThat(heard).isEmpty();
        logger.info("from {} to {}", 1, 3);
        logger.warn("again");
        assertThat(heard).containsExactly("asked for", "INFO from 1 to 3", "WARN again");
    }

    private Sink sink() {
        heard.add("asked for");
        return new Sink() {
            @Override
            public boolean hears(Level level) {
                return true;
            }

            @Override
            public void write(Level level, String line, @Nullable Throwable thrown) {
                heard.add(level + " " + line);
            }
        };
    }
}
