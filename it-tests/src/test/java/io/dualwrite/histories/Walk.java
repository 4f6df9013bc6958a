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
    private final Clients clients;
    private final Look look;
    private final Duration hold;
    final GapMeter.Gaps gaps = new GapMeter.Gaps();

    /** A look at what the sides hold that count now, while nobody writes. */
    interface Look {
        void at(String place, Set<Side> sides);
    }

    Walk(Fleet fleet, Operator operator, Clients clients, Look look, Duration hold) {
        this.fleet = fleet;
        this.operator = operator;
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
        operator.verifyTwice();
        operator.gate(5);
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
        operator.verifyTwice("--down");
        operator.gate(3);
        cross(Phase.THREE);
        lookAtBoth("at 3, going down");
        operator.gate(1);
        walk(Phase.ONE);
        hold();
    }

    private void lookAtBoth(String place) {
        clients.quietly(() -> {
            operator.must("repair");
            look.at(place, EnumSet.allOf(Side.class));
        });
    }

    /** Between 3 and 5 all but the last instance come to rest on a strict rung, and the last one takes all along. */
    private void cross(Phase phase) throws Exception {
        Rung strict = phase == Phase.FIVE ? STRICT_READ_NEW : STRICT_READ_OLD;
        GapMeter meter = new GapMeter(fleet, gaps);
        try {
            for (int i = 0; i < Fleet.SIZE; i++) {
                fleet.phase(fleet.name(i), phase.number());
                boolean last = i == Fleet.SIZE - 1;
                arrive(last ? 0 : i, i, last ? phase.rung() : strict);
                hold();
            }
        } finally {
            meter.end();
        }
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
