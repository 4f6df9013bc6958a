package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Rows;
import io.dualwrite.demo.verdict.Verdict;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** One run of the demo, from two empty servers to the verdict. */
final class Demo {
    private static final String OPERATOR = "operator";

    private final DemoOptions options;
    private final Console console;
    private final Verdict verdict = new Verdict();

    Demo(DemoOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /** Runs it; whatever goes wrong after the databases have started is part of the verdict. */
    Verdict run() throws IOException, SQLException, InterruptedException, TimeoutException {
        console.say("starting " + options.old() + " as old and " + options.neu() + " as new; files in "
                + options.directory());
        try (Databases databases = Databases.start(options.old(), options.neu())) {
            Rows first = firstDay(databases);
            console.say(
                    "old has " + first.count() + " rows, new has none; starting " + DemoOptions.FLEET + " instances");
            FleetFiles files = new FleetFiles(databases, options.directory());
            files.write(OPERATOR, Phase.ONE);
            Fleet fleet = startFleet(databases, files);
            try {
                underLoad(databases, files, fleet, first);
            } finally {
                fleet.kill();
            }
        }
        return verdict;
    }

    private Rows firstDay(Databases databases) throws SQLException {
        try (Connection connection = databases.connect(Side.OLD)) {
            new FirstDay(connection, options.seed()).write();
            Rows first = Rows.read(connection);
            connection.commit();
            return first;
        }
    }

    private Fleet startFleet(Databases databases, FleetFiles files)
            throws IOException, InterruptedException, TimeoutException {
        List<Instance> instances = new ArrayList<>();
        for (int number = 1; number <= DemoOptions.FLEET; number++) {
            String name = "bookstore-" + number;
            files.write(name, Phase.ONE);
            String url = options.bare() ? bareUrl(databases) : "jdbc:dualwrite:" + files.of(name);
            instances.add(new Instance(number, url, options));
        }
        Fleet fleet = new Fleet(instances);
        try {
            for (Instance instance : instances) {
                instance.awaitReady();
            }
        } catch (IOException | InterruptedException | TimeoutException | RuntimeException e) {
            fleet.kill();
            throw e;
        }
        return fleet;
    }

    private static String bareUrl(Databases databases) {
        DatabaseServer old = databases.server(Side.OLD);
        String url = databases.url(Side.OLD);
        return old.vendor().equals("h2")
                ? url + ";USER=" + old.user() + ";PASSWORD=" + old.password()
                : url + "?user=" + old.user() + "&password=" + old.password();
    }

    private void underLoad(Databases databases, FleetFiles files, Fleet fleet, Rows first)
            throws IOException, SQLException, InterruptedException, TimeoutException {
        long begun = System.nanoTime();
        BatchJob batch = new BatchJob(databases, options.directory());
        Registry registry = new Registry(databases);
        Checks checks = new Checks(databases, fleet, console, verdict, first);
        Steps steps = new Steps(options, operator(files), files, fleet, registry, console);
        Walk walk = new Walk(options, databases, batch, steps, checks, console);
        try (Watcher watcher = new Watcher(fleet, registry, console)) {
            watcher.start();
            try {
                walk.whole();
            } catch (WalkBroken | SQLException | IOException | TimeoutException | RuntimeException e) {
                verdict.broke(String.valueOf(e.getMessage()));
                console.say("the walk ends early: " + e.getMessage());
                walk.lastLook();
            }
            fleet.stop();
        } finally {
            batch.kill();
            verdict.load(fleet.load(Duration.ofNanos(System.nanoTime() - begun)), fleet.failures());
        }
    }

    private Operator operator(FleetFiles files) {
        return options.bare()
                ? command -> new Operator.Outcome(0, "(bare: nothing to do)", Duration.ZERO)
                : new InProcessOperator(files.of(OPERATOR), options.directory().resolve("operator.log"));
    }
}
