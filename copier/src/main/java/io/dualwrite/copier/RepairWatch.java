package io.dualwrite.copier;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repairs round after round beside live writes. Its connections stay open from round to round; after a round that failed the
 * next one opens them anew, and so does one that finds the other side to be the authority. Not thread-safe.
 */
public final class RepairWatch implements AutoCloseable {

    /**
     * What a round did. Immutable.
     *
     * @param report the repair's own report
     * @param cleared marks that are needed no more
     * @param written rows written on the mirror
     * @param deleted rows deleted there
     */
    public record Round(Report report, long cleared, long written, long deleted) {
        /** Whether there is less to do than before. */
        public boolean didSomething() {
            return cleared + written + deleted > 0;
        }
    }

    private static final Duration BETWEEN_TIDYINGS = Duration.ofSeconds(30);

    private final Supplier<Settings> settings;
    private final Progress progress;
    private final String id = Copier.newRun();
    private @Nullable Copier copier;
    private @Nullable Long tidiedNanos;

    /** @param settings reads the properties file; asked whenever connections are opened */
    public RepairWatch(Supplier<Settings> settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Makes a round.
     *
     * @return what was done, or null where nothing was to do
     * @throws SQLException if a side cannot be reached, or a connection was lost
     * @throws WrongInput if the file, the tables or the fleet do not allow a repair now
     */
    public @Nullable Round round() throws SQLException, InterruptedException {
        try {
            Copier open = fromAuthority();
            if (!open.isRepairDue()) {
                tidy(open);
                return null;
            }
            RepairRun.Outcome outcome = open.repairOnce(List.of());
            return new Round(outcome.report(), outcome.cleared(), outcome.written(), outcome.deleted());
        } catch (SQLException | RuntimeException failure) {
            try {
                close();
            } catch (SQLException broken) {
                failure.addSuppressed(broken);
            }
            throw failure;
        }
    }

    /** A repair clears what killed instances left behind; where none is due for long, that must not wait for one. */
    private void tidy(Copier open) throws SQLException {
        long now = System.nanoTime();
        Long last = tidiedNanos;
        if (last == null || now - last > BETWEEN_TIDYINGS.toNanos()) {
            open.clearLeftBehind();
            tidiedNanos = now;
        }
    }

    private Copier fromAuthority() throws SQLException {
        Copier open = copier;
        if (open != null && !open.isFromAuthority()) {
            close();
            open = null;
        }
        if (open == null) {
            Settings current = settings.get();
            open = Copier.open(current, Copier.fromAuthority(current), id, progress);
            copier = open;
        }
        return open;
    }

    /** Closes the connections; another round opens them again. */
    @Override
    public void close() throws SQLException {
        Copier open = copier;
        copier = null;
        if (open != null) {
            open.close();
        }
    }
}
