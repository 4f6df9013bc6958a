package io.dualwrite.stepkill;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For each request that the driver makes in a transaction on a dual rung: it fails; it is applied and the reply is lost; it is
 * applied late; it hangs; or the process is
 * killed before or after it. Both sides end equal, or what differs is marked, repaired, and equal then; nothing that was
 * acknowledged is lost, and nothing that was said to be rolled back is there.
 */
class StepKillIT {
    private static final Logger LOG = LoggerFactory.getLogger(StepKillIT.class);

    @ParameterizedTest
    @CsvSource({
        "postgres, DUAL_READ_OLD",
        "postgres, STRICT_READ_OLD",
        "postgres, STRICT_READ_NEW",
        "postgres, STRICT_NEW_FIRST",
        "postgres, DUAL_READ_NEW",
        "mariadb, DUAL_READ_OLD",
        "mariadb, STRICT_READ_OLD",
        "mariadb, STRICT_READ_NEW",
        "mariadb, STRICT_NEW_FIRST",
        "mariadb, DUAL_READ_NEW"
    })
    void everyRequestOfTheDriver_brokenInEveryWay_endsEqualOrMarkedAndThenRepaired(String vendor, Rung rung)
            throws Exception {
        Shares shares = Shares.ofSystem();
        long begun = System.nanoTime();
        Group group = new Group(vendor, rung).run(shares);
        LOG.info(
                "{} {}: {} of {} call sites covered, by {} cases at {} requests, {} of them kills; share 1 in {}, seed {}, {} s, {} problems",
                vendor,
                rung,
                group.covered,
                group.places,
                group.cases,
                group.sites,
                group.kills,
                shares.share(),
                shares.seed(),
                (System.nanoTime() - begun) / 1_000_000_000,
                group.problems.size());
        assertThat(group.sites).isGreaterThan(100);
        assertThat(group.problems).as("seed %d", shares.seed()).isEmpty();
        assertThat(group.covered)
                .as("covered call sites")
                .isEqualTo(shares.only().isEmpty() ? group.places : group.covered);
    }
}
