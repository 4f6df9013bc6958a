package io.dualwrite.stepkill;

import java.util.List;

/** What happens to a request. */
enum Fault {
    FAILS,
    REPLY_LOST,
    LATE,
    HANGS,
    /** The application's process is killed, and the request never reaches the server. */
    KILLED_BEFORE,
    /** The application's process is killed once the server has answered, and never learns the answer. */
    KILLED_AFTER;

    /** What a wire does. */
    static final List<Fault> OF_WIRE = List.of(FAILS, REPLY_LOST, LATE, HANGS);

    /** What happens to the process. */
    static final List<Fault> OF_PROCESS = List.of(KILLED_BEFORE, KILLED_AFTER);

    /** Whether the request may come long after it was made. */
    boolean delays() {
        return this == LATE || this == HANGS;
    }
}
