package io.dualwrite.histories;

import static io.dualwrite.ladder.Rung.STRICT_READ_NEW;
import static io.dualwrite.ladder.Rung.STRICT_READ_OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The fleet's way from 1 to 6 and back, one file after the other, with time for the load at each place. */
final class Walk {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(20);
    /** How often the load is given its time. */
    static final int PLACES = 2 + 6 * Fleet.SIZE;

    private final Fleet fleet;
    private final Operator operator;
    private final Killer killer;
    private final Clients clients;
    private final Look look;
    private final Duration hold;
    final GapMeter.Gaps gaps = new GapMeter.Gaps();

    /** A look at what the sides hold that count now, while nobody writes. */
    interface Look {
        void at(String place, Set<Side> sides);
    }

    Walk(Fleet fleet, Operator operator, Killer killer, Clients clients, Look look, Duration hold) {
        this.fleet = fleet;
        this.operator = operator;
        this.killer = killer;
        this.clients = clients;
        this.look = look;
        this.hold = hold;
    }

    void upAndDown() throws Exception {
        up();
        down();
    }

    private void up() throws Exception {
        operator.must("init");
        operator.copy();
        hold();
        for (int i = 0; i < Fleet.SIZE; i++) {
            fleet.phase(fleet.name(i), 2);
        }
        operator.must("freeze");
        operator.copy();
        operator.must("sequences");
        operator.gate(3);
        walk(Phase.THREE);
        operator.must("sync");
        operator.must("sequences");
        cross(Phase.FIVE);
        lookAtBoth("at 5, going up");
        operator.must("sequences");
        operator.gate(6);
        walk(Phase.SIX);
        clients.quietly(() -> look.at("at 6", EnumSet.of(Side.NEW)));
    }

    private void down() throws Exception {
        operator.must("sequences", "--down");
        operator.copy("--down");
        operator.gate(5);
        walk(Phase.FIVE);
        operator.must("sequences", "--down");
        operator.must("freeze", "--down");
        operator.must("sync", "--down");
        cross(Phase.THREE, "--down");
        lookAtBoth("at 3, going down");
        operator.gate(1);
        walk(Phase.ONE);
        hold();
    }

    private void lookAtBoth(String place) {
        clients.quietly(() -> {
            operator.repair();
            look.at(place, EnumSet.allOf(Side.class));
        });
    }

    /**
     * Between 3 and 5 all but the last instance come to rest on a strict rung, and the last one takes all along. The gap is
     * measured while some read old and some new.
     */
    private void cross(Phase phase, String... direction) throws Exception {
        Rung strict = phase == Phase.FIVE ? STRICT_READ_NEW : STRICT_READ_OLD;
        killer.heldBack(() -> {
            operator.verifyTwice(direction);
            operator.gate(phase.number());
            return open(phase, strict);
        });
        GapMeter meter = new GapMeter(fleet, gaps);
        try {
            hold();
            for (int i = 1; i < Fleet.SIZE - 1; i++) {
                fleet.phase(fleet.name(i), phase.number());
                arrive(i, i, strict);
                hold();
            }
        } finally {
            meter.end();
        }
        killer.heldBack(() -> {
            operator.repair();
            return close(phase);
        });
        hold();
    }

    /** The last file closes the crossing: what it left unknown is mended before, for the other side may win from then on. */
    private Rung close(Phase phase) {
        int last = Fleet.SIZE - 1;
        fleet.phase(fleet.name(last), phase.number());
        arrive(0, last, phase.rung());
        return fleet.rung(last);
    }

    /** The first file opens the crossing; from then on nothing that a kill breaks is swallowed, for all instances are strict. */
    private Rung open(Phase phase, Rung strict) {
        fleet.phase(fleet.name(0), phase.number());
        arrive(0, 0, strict);
        return fleet.rung(0);
    }

    private void walk(Phase phase) throws Exception {
        for (int i = 0; i < Fleet.SIZE; i++) {
            fleet.phase(fleet.name(i), phase.number());
            arrive(i, i, phase.rung());
            hold();
        }
    }

    private void arrive(int first, int last, Rung rung) {
        await().atMost(PATIENCE).pollInterval(POLL).untilAsserted(() -> {
            for (int i = first; i <= last; i++) {
                assertThat(fleet.stands(i, rung)).as(fleet.describe(i)).isTrue();
            }
        });
    }

    private void hold() throws Exception {
        Thread.sleep(hold.toMillis());
        clients.mustRun();
    }
}
