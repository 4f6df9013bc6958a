package io.dualwrite.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the demo is asked to do.
 *
 * @param old vendor of the old database
 * @param neu vendor of the new database
 * @param bypass whether old is replaced by its dump while the fleet stands at 6
 * @param mixed how long neighbouring phases stand side by side at each instance's turn
 * @param rate requests a second of each instance
 * @param bare whether the application runs straight on old and no migration happens
 * @param plant the fault to make
 * @param seed seed of the instances' random choices
 * @param directory where files, journals and logs go
 */
record DemoOptions(
        String old,
        String neu,
        boolean bypass,
        Duration mixed,
        int rate,
        boolean bare,
        Plant plant,
        long seed,
        Path directory) {
    static final int FLEET = 3;
}
