package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.State.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says of each state, and of each step, whether it may be. */
final class Judge {
    private final Scenario scenario;
    private final List<Actor> actors;
    private final @Nullable OneDatabase oneDatabase;

    /** @param oneDatabase what one database could have done, or null where that is what is being found out */
    Judge(Scenario scenario, List<Actor> actors, @Nullable OneDatabase oneDatabase) {
        this.scenario = scenario;
        this.actors = actors;
        this.oneDatabase = oneDatabase;
    }

    /** Whether all have come to their end and nothing is left to be repaired. */
    boolean isEnd(State now) {
        for (Actor actor : actors) {
            if (!actor.rests(now)) {
                return false;
            }
        }
        return true;
    }

    @Nullable
    Violation check(State now) {
        if (isEnd(now)) {
            return checkEnd(now);
        }
        List<Wait> waits = new ArrayList<>();
        for (Actor actor : actors) {
            waits.addAll(actor.waits(now));
        }
        for (Wait wait : waits) {
            if (hangs(now, wait)) {
                return Violation.HANGS;
            }
            if (inCircle(now, wait.actor(), wait.actor(), waits, 0, 0)) {
                return Violation.CROSS_DEADLOCK;
            }
        }
        return null;
    }

    private @Nullable Violation checkEnd(State now) {
        if (scenario.comesToDiffer(now)) {
            return Violation.DIVERGED;
        }
        return oneDatabase == null || oneDatabase.explains(now) ? null : Violation.UNEXPLAINED;
    }

    /** A wait on the mirror, without a bound, for a session of which nobody knows when it ends. */
    private boolean hangs(State now, Wait wait) {
        Session session = now.session(wait.holder(), wait.side());
        return !wait.bounded()
                && (session == Session.LEFT || session == Session.IN_DOUBT)
                && actor(wait.actor()) instanceof Writer writer
                && writer.rung.dual()
                && writer.mirror() == wait.side();
    }

    private Actor actor(int id) {
        return id < scenario.parts().size() ? actors.get(id) : actors.get(actors.size() - 1);
    }

    /**
     * Whether the actor waits for itself by way of both servers. While all goes well not even a circle that a bound would
     * break may come about, but for those who are the victim by their rule; later only one that nothing breaks counts.
     */
    private boolean inCircle(State now, int start, int at, List<Wait> waits, int sides, int depth) {
        if (at == start && depth > 0) {
            return sides == 3;
        }
        if (depth == State.ACTORS) {
            return false;
        }
        for (Wait wait : waits) {
            boolean counts = now.smooth() ? !wait.victim() : !wait.bounded();
            if (wait.actor() == at
                    && counts
                    && inCircle(
                            now,
                            start,
                            wait.holder(),
                            waits,
                            sides | 1 << wait.side().ordinal(),
                            depth + 1)) {
                return true;
            }
        }
        return false;
    }

    /** A mark must not go while what it marks is open on a server. */
    @Nullable
    Violation check(State now, State next) {
        int cleared = now.marks() & ~next.marks();
        for (int writer = 0; cleared != 0 && writer < scenario.parts().size(); writer++) {
            for (Side side : Side.values()) {
                Session session = next.session(writer, side);
                if ((cleared & 1 << writer) != 0 && session != Session.NONE && session != Session.PACKET) {
                    return Violation.CLEARED_IN_DOUBT;
                }
            }
        }
        return null;
    }
}
