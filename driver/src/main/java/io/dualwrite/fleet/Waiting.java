package io.dualwrite.fleet;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
interface Waiting {
    void pause(Duration duration) throws InterruptedException;
}
