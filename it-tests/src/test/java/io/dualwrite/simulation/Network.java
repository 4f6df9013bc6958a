package io.dualwrite.simulation;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Random;

/** How long calls take and which of them fail, as one seed has it. */
final class Network {
    private static final Fault[] OF_STATEMENTS = {
        Fault.REFUSED, Fault.REFUSED, Fault.DEADLOCK, Fault.DEADLOCK, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.STALL
    };
    private static final Fault[] OF_COMMITS = {Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.IN_DOUBT, Fault.STALL};
    private static final Fault[] OF_PROCESSES = {Fault.KILLED_BEFORE, Fault.KILLED_AFTER};
    private static final double[] RATES = {0, 0.002, 0.005, 0.01, 0.02, 0.04};

    private static final int[] SLOW = {4, 10, 40};

    private final Scheduler scheduler;
    private final Random random;
    private final double rate;
    /** How many of two hundred packets take longer than usual. */
    private final int slow;
    /** Whether servers roll the victim of a deadlock back whatever its last statement was, as MariaDB and not H2 does. */
    private final boolean undoesVictims;

    private boolean calm = true;
    private boolean mayKill = true;

    Network(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.random = scheduler.random();
        this.rate = RATES[random.nextInt(RATES.length)];
        this.slow = SLOW[random.nextInt(SLOW.length)];
        this.undoesVictims = random.nextBoolean();
    }

    /** Whether nothing fails and nothing takes time, as before the beginning and after the end. */
    void calm(boolean wanted) {
        calm = wanted;
    }

    boolean undoesVictims() {
        return undoesVictims;
    }

    double rate() {
        return rate;
    }

    /** What happens to the next call of the thread that runs now. */
    Fault fault(boolean commits, boolean statement) {
        SimulatedThread me = SimulatedThread.current();
        if (calm || me == null || me.process == null || random.nextDouble() >= (commits ? 4 * rate : rate)) {
            return Fault.NONE;
        }
        if (mayKill && random.nextInt(4) == 0) {
            mayKill = false;
            return one(OF_PROCESSES);
        }
        return one(
                commits ? OF_COMMITS : statement ? OF_STATEMENTS : new Fault[] {Fault.LOST_BEFORE, Fault.LOST_AFTER});
    }

    private Fault one(Fault[] faults) {
        return faults[random.nextInt(faults.length)];
    }

    /** How long a packet travels, in nanoseconds. */
    long latency() {
        if (calm) {
            return 0;
        }
        int kind = random.nextInt(200);
        int most = kind == 0 ? 800_000 : kind <= slow ? 30_000 : 1_000;
        return 1_000L * random.nextInt(most);
    }

    /** How long it takes if something is wrong, in nanoseconds. */
    long delay() {
        return 1_000_000L * (1 + random.nextInt(random.nextBoolean() ? 100 : 6_000));
    }

    void travel() {
        scheduler.sleep(latency());
    }

    static SQLException lost() {
        return new SQLNonTransientConnectionException("The connection is broken", "08006", 90067);
    }
}
