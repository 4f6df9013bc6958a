package io.dualwrite.stepkill;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What {@link StepKillIT} looks at is found where it is planted. */
class StepKillChecksIT {
    private static Site newsCommit() throws Exception {
        return new Group("postgres", Rung.DUAL_READ_OLD)
                .sites().stream()
                        .filter(site -> site.work() == Work.TRANSACTION && site.side() == Side.NEW)
                        .filter(site -> site.verbs().contains("COMMIT"))
                        .reduce((one, last) -> last)
                        .orElseThrow();
    }

    @Test
    void aMarkThatIsMissing_isFound_andSoIsTheRowThatRepairThenLeavesOut() throws Exception {
        ExecutorService applications = Executors.newCachedThreadPool();
        Site site = newsCommit();
        try (Ground ground = new Ground("postgres", Rung.DUAL_READ_OLD, 1);
                Finished finished = new CaseRun(ground, applications).run(new Case(1, site, Fault.FAILS, false), 0)) {
            assertThat(finished.reached()).isTrue();
            int row = finished.one.rows().id(1);
            assertThat(finished.outcome.acknowledged()).isTrue();
            assertThat(finished.problems()).isEmpty();
            ground.run(Side.OLD, "UPDATE dualwrite_mark SET row_key = REPLACE(row_key, '" + row + "', '0')");
            assertThat(ground.unmarkedDifference(finished.one.rows())).contains("is not marked");
            assertThat(new Mending(ground).mend(List.of(finished)))
                    .anySatisfy(problem -> assertThat(problem).contains("differs after repair"));
        } finally {
            applications.shutdown();
        }
    }

    @Test
    void whatTheApplicationWasTold_isHeldAgainstTheRows() {
        List<String> after = Work.TRANSACTION.after();
        assertThat(Outcome.DONE.contradictedBy(after, Work.TRANSACTION)).isNull();
        assertThat(Outcome.DONE.contradictedBy(Work.BEFORE, Work.TRANSACTION)).contains("acknowledged");
        assertThat(Outcome.KILLED.contradictedBy(Work.BEFORE, Work.TRANSACTION)).isNull();
        assertThat(Outcome.KILLED.contradictedBy(List.of("1|one|11"), Work.TRANSACTION))
                .contains("half");
        assertThat(new Outcome("40001", "", true).contradictedBy(after, Work.TRANSACTION))
                .contains("rolled back");
        assertThat(new Outcome("08007", "", true).contradictedBy(Work.BEFORE, Work.TRANSACTION))
                .contains("lost");
    }
}
