package io.dualwrite.simulation;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One seed's two servers, two instances of the application, and the copier. */
final class World {
    private final long seed;
    private final Random random;
    private final Scheduler scheduler;
    private final Network network;
    private final Story story;
    private final Scenario scenario;
    private final Expectation expectation = new Expectation();
    private final Map<Side, SimulatedDatabase> databases = new EnumMap<>(Side.class);
    private final Map<Side, Connection> bare = new EnumMap<>(Side.class);
    private final List<Instance> instances = new ArrayList<>();
    private @Nullable CopierRun copier;

    World(long seed) {
        this.seed = seed;
        random = new Random(seed);
        scheduler = new Scheduler(random);
        scenario = Scenario.of(random);
        network = new Network(scheduler);
        story = new Story(scheduler);
        for (Side side : Side.values()) {
            String name = "simulated" + seed + side.word();
            databases.put(side, new SimulatedDatabase(side, name, scheduler, network, story));
        }
        scheduler.servers(this::connect);
    }

    static <T> T of(Map<Side, T> both, Side side) {
        T one = both.get(side);
        if (one == null) {
            throw new IllegalStateException("no " + side.word());
        }
        return one;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Story story() {
        return story;
    }

    Expectation expectation() {
        return expectation;
    }

    Connection bare(Side side) {
        return of(bare, side);
    }

    Scenario scenario() {
        return scenario;
    }

    private Connection connect(String url) throws SQLException {
        for (SimulatedDatabase database : databases.values()) {
            if (database.url().equals(url)) {
                return database.connect();
            }
        }
        throw new SQLException("no server listens at " + url, "08001");
    }

    /** Runs the seed to its end. */
    Verdict run() throws SQLException, InterruptedException {
        scheduler.start("operator", null, this::live);
        scheduler.runAll();
        List<String> violations = new ArrayList<>(expectation.violations());
        violations.addAll(scheduler.failures());
        for (Side side : Side.values()) {
            bare(side).close();
            of(databases, side).drop();
        }
        return new Verdict(seed, scenario + ", faults " + network.rate(), violations, story.lines());
    }

    private void live() {
        try {
            for (Side side : Side.values()) {
                bare.put(side, of(databases, side).bare());
            }
            Settings settings = Tables.settings(scenario, databases);
            Tables.make(this);
            network.calm(false);
            begin(settings);
            int sweepers = instances.size();
            scheduler.await(() -> scheduler.alive() <= 1 + sweeping(sweepers), SimulatedThread.NEVER);
            network.calm(true);
            scheduler.sleep(random.nextInt(2) * 200_000_000L);
            instances.forEach(Instance::stop);
            scheduler.await(() -> scheduler.alive() == 1, SimulatedThread.NEVER);
            new Judgement(this, settings).pass();
        } catch (SQLException | SettingsException | InterruptedException | RuntimeException e) {
            scheduler.failed(Thread.currentThread(), e);
        }
    }

    private int sweeping(int most) {
        return (int) instances.stream()
                .limit(most)
                .filter(one -> !one.process.isDead())
                .count();
    }

    private void begin(Settings settings) {
        instances.add(new Instance("app-1", scenario.one(), settings, scheduler, databases));
        instances.add(new Instance("app-2", scenario.another(), settings, scheduler, databases));
        for (Instance instance : instances) {
            scheduler.start(instance.process.name + "/sweeper", instance.process, instance::sweep);
        }
        BooleanSupplier mayBegin = copies(settings);
        for (int i = 0; i < scenario.writers(); i++) {
            Instance instance = instances.get(i % 2);
            application(instance, "writer-" + i, mayBegin, new Writer(this, instance, new Random(random.nextLong())));
        }
        for (int i = 0; i < scenario.readers(); i++) {
            Instance instance = instances.get(random.nextInt(2));
            application(instance, "reader-" + i, mayBegin, new Reader(this, instance, new Random(random.nextLong())));
        }
    }

    private void application(Instance instance, String name, BooleanSupplier mayBegin, Runnable work) {
        boolean repairs = scenario.copier() == Scenario.CopierWork.REPAIR;
        long pause = repairs ? 1_000L * random.nextInt(600_000) : 0;
        scheduler.start(instance.process.name + '/' + name, instance.process, () -> {
            scheduler.await(mayBegin, SimulatedThread.NEVER);
            scheduler.sleep(pause);
            work.run();
        });
    }

    /** Starts the copier where there is one; the application begins when it has made some calls, so that they meet. */
    private BooleanSupplier copies(Settings settings) {
        if (scenario.copier() == Scenario.CopierWork.NOTHING) {
            return () -> true;
        }
        SimulatedProcess process = new SimulatedProcess("copier");
        CopierRun run = new CopierRun(this, settings, scenario.copier());
        copier = run;
        int rounds = 1 + random.nextInt(3);
        int calls = random.nextInt(3) == 0 ? 0 : random.nextInt(150);
        SimulatedThread thread = scheduler.start("copier", process, () -> run.beside(rounds));
        return () -> process.made() >= calls || !scheduler.isAlive(thread);
    }

    /** Whether what differs must be marked: all writes went to both sides, and new did not begin stale or was synced. */
    boolean mayJudgeMarks() {
        CopierRun run = copier;
        return scenario.mirrorsAll()
                && (!scenario.stale()
                        || scenario.copier() == Scenario.CopierWork.REPAIR
                        || run != null && run.hasEnded());
    }

    /** Both sides have committed the write, where it is one of an account. */
    void requireOnBoth(Stamp stamp) {
        for (Side side : Side.values()) {
            try {
                Long amount = Tables.amount(bare(side), stamp.account);
                if (amount != null && (amount & stamp.amount) != stamp.amount) {
                    expectation.violated(stamp + " of account " + stamp.account
                            + " was acknowledged on a strict rung and is not on " + side.word());
                }
            } catch (SQLException e) {
                expectation.violated("account " + stamp.account + " cannot be read: " + e);
            }
        }
    }

    /** Tells the story of something that a thread was told. */
    void told(String who, @Nullable Exception failure) {
        story.tell(who + " was told " + failure);
    }
}
