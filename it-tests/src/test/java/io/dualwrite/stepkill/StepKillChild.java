package io.dualwrite.stepkill;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** An application in a process of its own, to be killed: is told one work, does it, and says what it was told about it. */
final class StepKillChild {
    static final String ACKNOWLEDGED = "acknowledged";
    /** Long, for a process that has just begun is slow. */
    private static final Duration BUDGET = Duration.ofSeconds(20);

    private StepKillChild() {}

    /** The line that tells a child what to do. */
    static String order(Ground ground, Map<Side, String> urls, Case one) {
        return String.join(
                "\t",
                ground.rung.name(),
                urls.get(Side.OLD),
                urls.get(Side.NEW),
                ground.user(),
                ground.password(),
                one.site().work().name(),
                Integer.toString(one.number()));
    }

    /** Reads an order, carries it out, and waits for the end of its input or its own. */
    public static void main(String[] arguments) throws Exception {
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String order = orders.readLine();
            if (order == null) {
                return;
            }
            String[] words = order.split("\t");
            Map<Side, String> urls = Map.of(Side.OLD, words[1], Side.NEW, words[2]);
            try (StepInstance instance =
                    new StepInstance(Rung.valueOf(words[0]), urls, words[3], words[4], BUDGET, BUDGET)) {
                Work.Rows rows = new Work.Rows(Integer.parseInt(words[6]));
                Outcome outcome = CaseRun.application(instance, Work.valueOf(words[5]), rows);
                System.out.println(outcome.acknowledged() ? ACKNOWLEDGED : "refused\t" + outcome.state());
                instance.comesToRest();
                System.out.println("rests");
                orders.readLine();
            }
        }
    }
}
