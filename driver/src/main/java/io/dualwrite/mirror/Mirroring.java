package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What the connections of one instance share. Thread-safe; its fields do not change. */
public final class Mirroring implements MirroringMXBean {
    public final Supplier<Settings> settings;
    public final Standing standing;
    final Executor executor;
    final Catalogue catalogue;
    final Marks marks;
    final Folding folding;
    final Beyond beyond = new Beyond(this);
    final MarkScope markScope = new MarkScope(this);
    final Overdue overdue;
    final SoonAtLatest soonAtLatest;
    final Namespaces namespaces = new Namespaces();
    final Breaker oldBreaker;
    final Breaker newBreaker;
    private final Map<String, AtomicLong> divergences = new ConcurrentHashMap<>();

    /**
     * The shared parts of an instance.
     *
     * @param executor runs mirror tasks; must not queue them behind one another
     */
    public Mirroring(
            Supplier<Settings> settings, Standing standing, Executor executor, Catalogue catalogue, Marks marks) {
        this(settings, standing, executor, executor, catalogue, marks);
    }

    /**
     * The shared parts of an instance.
     *
     * @param executor runs mirror tasks; must not queue them behind one another
     * @param looks runs the tasks, one of a kind, that look for what is overdue or waits, as long as there is something
     */
    public Mirroring(
            Supplier<Settings> settings,
            Standing standing,
            Executor executor,
            Executor looks,
            Catalogue catalogue,
            Marks marks) {
        this.settings = settings;
        this.standing = standing;
        this.executor = executor;
        this.catalogue = catalogue;
        this.marks = marks;
        this.folding = new Folding(marks);
        this.overdue = new Overdue(looks);
        this.soonAtLatest = new SoonAtLatest(looks);
        this.oldBreaker = new Breaker(System::nanoTime);
        this.newBreaker = new Breaker(System::nanoTime);
    }

    /** The breaker of a side. */
    public Breaker breaker(Side side) {
        return side == Side.OLD ? oldBreaker : newBreaker;
    }

    /** Counts a divergence and says it aloud the first time that its kind is seen. */
    void diverged(Side mirror, String kind, String message) {
        AtomicLong count = divergences.computeIfAbsent(mirror.word() + ": " + kind, k -> new AtomicLong());
        if (count.incrementAndGet() == 1) {
            Faults.LOG.warn("{} (further ones of this kind are counted, not logged)", message);
        } else {
            Faults.LOG.debug("{}", message);
        }
    }

    @Override
    public Map<String, Long> getDivergences() {
        Map<String, Long> counts = new TreeMap<>();
        divergences.forEach((kind, count) -> counts.put(kind, count.get()));
        return counts;
    }

    @Override
    public boolean isMirroringToOldPaused() {
        return oldBreaker.isOpen();
    }

    @Override
    public boolean isMirroringToNewPaused() {
        return newBreaker.isOpen();
    }

    /** A kind of divergence for {@link #diverged}: the failures of one vendor with one SQLSTATE. */
    static String kindOf(Dialect dialect, SQLException failure) {
        return dialect.vendor() + " " + stateOf(failure);
    }

    /** The failure's SQLSTATE, or the name of its class where it has none. */
    static String stateOf(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? failure.getClass().getSimpleName() : state;
    }
}
