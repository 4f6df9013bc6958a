package io.dualwrite.demo;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What an operator does: runs a command, edits files, waits until the fleet has arrived. */
final class Steps {
    private static final Duration ARRIVAL = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final int GATE_ATTEMPTS = 8;
    private static final int VERIFY_ATTEMPTS = 5;
    private static final Duration GATE_PAUSE = Duration.ofSeconds(2);
    /** What an instance that waits for marks to be repaired says. */
    private static final String REPAIR = "run dualwrite repair";

    private final DemoOptions options;
    private final Operator operator;
    private final FleetFiles files;
    private final Fleet fleet;
    private final Registry registry;
    private final Console console;

    Steps(DemoOptions options, Operator operator, FleetFiles files, Fleet fleet, Registry registry, Console console) {
        this.options = options;
        this.operator = operator;
        this.files = files;
        this.fleet = fleet;
        this.registry = registry;
        this.console = console;
    }

    /** Runs a command that must end well. */
    void command(String... command) throws WalkBroken {
        Operator.Outcome outcome = run(command);
        if (outcome.exit() != 0) {
            throw broken(outcome, command);
        }
    }

    /**
     * Copies what has changed. Rows that change while it looks, an order that is cancelled between its lines' turn and its own,
     * may be left to the next run and at last to the final sync.
     */
    void copy(String... options) throws WalkBroken {
        String[] command = words("copy", options);
        Operator.Outcome outcome = run(command);
        if (outcome.exit() > 1) {
            throw broken(outcome, command);
        }
    }

    private static WalkBroken broken(Operator.Outcome outcome, String... command) {
        return new WalkBroken("dualwrite " + String.join(" ", command) + " ended with exit code " + outcome.exit()
                + ": " + outcome.output().strip());
    }

    private Operator.Outcome run(String... command) throws WalkBroken {
        fleet.mustRun();
        Operator.Outcome outcome = operator.run(command);
        console.say(String.format(
                Locale.ROOT,
                "$ dualwrite %-16s exit %d, %.1f s   %s",
                String.join(" ", command),
                outcome.exit(),
                outcome.took().toMillis() / 1000.0,
                outcome.lastLine()));
        return outcome;
    }

    /** Asks the gate until it opens, mending meanwhile what it may be waiting for. */
    void gate(Phase phase) throws WalkBroken, InterruptedException {
        String number = Integer.toString(phase.number());
        Operator.Outcome outcome = run("gate", "--to", number);
        for (int attempt = 1; outcome.exit() == 1 && attempt < GATE_ATTEMPTS; attempt++) {
            repairMarks();
            Thread.sleep(GATE_PAUSE.toMillis());
            outcome = run("gate", "--to", number);
        }
        if (outcome.exit() != 0) {
            throw new WalkBroken("the gate to " + number + " does not open: "
                    + outcome.output().strip());
        }
    }

    /**
     * Verifies until it is clean, twice in a row, as the guide says. What the driver swallowed and marked is repaired in between;
     * a row that differs and that nobody marked ends the walk.
     */
    void verifyTwice(String... options) throws WalkBroken {
        String[] command = words("verify", options);
        int clean = 0;
        for (int attempt = 0; clean < 2; attempt++) {
            Operator.Outcome outcome = run(command);
            if (outcome.exit() == 0) {
                clean++;
            } else if (outcome.exit() == 1 && attempt < VERIFY_ATTEMPTS && onlyMarkedRowsDiffer(outcome.output())) {
                clean = 0;
                repairMarks();
            } else {
                throw broken(outcome, command);
            }
        }
    }

    /** Rows that nobody knew of are named first, so that none is among those which are only counted. */
    private static boolean onlyMarkedRowsDiffer(String report) {
        List<String> rows = report.lines()
                .filter(line -> line.startsWith("  ") && !line.startsWith("  … and "))
                .toList();
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.endsWith("(marked)"));
    }

    private static String[] words(String name, String... options) {
        String[] command = new String[options.length + 1];
        command[0] = name;
        System.arraycopy(options, 0, command, 1, options.length);
        return command;
    }

    /** Repairs what is marked, as the operator's guide says: a row that is marked since a moment may differ as well as an old one. */
    void repairMarks() throws WalkBroken {
        if (!options.bare()) {
            command("repair");
        }
    }

    /** Lets one instance after the other go to the phase, each as soon as the one before has stood there for a while. */
    void walk(Phase phase, boolean up) throws WalkBroken, IOException, InterruptedException {
        for (int i = 0; i < DemoOptions.FLEET; i++) {
            Instance instance = fleet.instances().get(i);
            console.say("phase = " + phase.number() + " for " + instance.name);
            files.write(instance.name, phase);
            if (!options.bare()) {
                awaitArrival(phase, up, i);
            }
            hold(options.mixed());
        }
    }

    /** Lets the load run for a while. */
    void hold(Duration length) throws WalkBroken, InterruptedException {
        Thread.sleep(length.toMillis());
        fleet.mustRun();
    }

    private void awaitArrival(Phase phase, boolean up, int index) throws WalkBroken, InterruptedException {
        long deadline = System.nanoTime() + ARRIVAL.toNanos();
        Registry.Look look = registry.look();
        while (!arrived(look, phase, up, index)) {
            fleet.mustRun();
            if (System.nanoTime() > deadline) {
                throw new WalkBroken(explain(look, phase, index));
            }
            if (anyoneAsksForRepair(look)) {
                repairMarks();
                Thread.sleep(GATE_PAUSE.toMillis());
            } else {
                Thread.sleep(POLL.toMillis());
            }
            look = registry.look();
        }
    }

    private boolean anyoneAsksForRepair(Registry.Look look) {
        return fleet.instances().stream()
                .map(instance -> look.of(instance.name).waitsFor())
                .anyMatch(waitsFor -> waitsFor != null && waitsFor.contains(REPAIR));
    }

    /** Between 3 and 5 the fleet crosses: all but the last instance come to rest on a strict rung. */
    private boolean arrived(Registry.Look look, Phase phase, boolean up, int index) {
        boolean last = index == DemoOptions.FLEET - 1;
        boolean crossing = up ? phase == Phase.FIVE : phase == Phase.THREE;
        if (crossing && last) {
            return fleet.instances().stream()
                    .allMatch(instance -> look.of(instance.name).at(phase.rung(), phase.number()));
        }
        Rung rung = !crossing ? phase.rung() : up ? Rung.STRICT_READ_NEW : Rung.STRICT_READ_OLD;
        return look.of(fleet.instances().get(index).name).at(rung, phase.number());
    }

    private String explain(Registry.Look look, Phase phase, int index) {
        StringBuilder text = new StringBuilder(fleet.instances().get(index).name + " was asked for phase "
                + phase.number() + " and has not arrived within " + ARRIVAL.toSeconds() + " s:");
        for (Instance instance : fleet.instances()) {
            Registry.Standing standing = look.of(instance.name);
            text.append(' ').append(instance.name).append(" stands on ").append(standing.rung());
            text.append(standing.movingFrom() == null ? "" : " and drains " + standing.movingFrom());
            text.append(", asked for ").append(standing.asked());
            text.append(standing.waitsFor() == null ? ";" : ", waits for: " + standing.waitsFor() + ";");
        }
        return text.toString();
    }
}
