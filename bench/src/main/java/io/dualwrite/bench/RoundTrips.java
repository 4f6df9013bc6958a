package io.dualwrite.bench;

import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMException;

/**
 * Measures what a write costs on the dual rungs, PostgreSQL to PostgreSQL: round trips counted exactly, times against a single
 * database in the same round, and throughput without latency. Every way has databases of its own on the same two servers.
 */
public final class RoundTrips {
    private static final String USAGE = """
            Usage: RoundTrips [--rounds N] [--quick] [--only PART] [--json]
              --rounds N   rounds in which every way has its turn (10)
              --quick      a fifth of the transactions in each round
              --only PART  trips, times or throughput alone
              --json       JSON on standard output in place of the table""";

    /** Long beside what a client does between two requests, so that what follows what is beyond doubt. */
    private static final Duration FAR = Duration.ofMillis(20);

    private static final Duration NEAR = Duration.ofMillis(1);
    private static final int COUNTED = 20;
    private static final int CONNECTIONS = 16;
    private static final double THROUGHPUT = 0.40;

    private final int rounds;
    private final boolean quick;
    private final PrintStream progress;
    private final Map<Side, DatabaseServer> servers = new EnumMap<>(Side.class);
    private final List<Figures> report = new ArrayList<>();

    private RoundTrips(int rounds, boolean quick, PrintStream progress) {
        this.rounds = rounds;
        this.quick = quick;
        this.progress = progress;
    }

    /** Arguments: see the usage text. */
    public static void main(String[] arguments) throws Exception {
        int rounds = 10;
        List<String> options = new ArrayList<>(List.of(arguments));
        int at = options.indexOf("--rounds");
        if (at >= 0 && at + 1 < options.size()) {
            options.remove(at);
            rounds = Integer.parseInt(options.remove(at));
        }
        String only = "";
        at = options.indexOf("--only");
        if (at >= 0 && at + 1 < options.size()) {
            options.remove(at);
            only = options.remove(at);
        }
        boolean quick = options.remove("--quick");
        boolean json = options.remove("--json");
        if (!options.isEmpty()
                || rounds < 1
                || !List.of("", "trips", "times", "throughput").contains(only)) {
            System.err.println(USAGE);
            System.exit(2);
        }
        RoundTrips trips = new RoundTrips(rounds, quick, json ? System.err : System.out);
        trips.run(only);
        System.out.println(json ? trips.json() : trips.table());
        System.exit(0);
    }

    private void run(String only) throws Exception {
        try (DatabaseServer old = DatabaseServers.start("postgres");
                DatabaseServer other = DatabaseServers.start("postgres")) {
            servers.put(Side.OLD, old);
            servers.put(Side.NEW, other);
            if (only.isEmpty() || only.equals("trips")) {
                with(FAR, this::count);
            }
            if (only.isEmpty() || only.equals("times")) {
                with(NEAR, this::time);
            }
            if (only.isEmpty() || only.equals("throughput")) {
                with(Duration.ZERO, this::crowd);
            }
        }
    }

    private interface Measuring {
        void of(Map<Way, WayPair> pairs) throws SQLException, InterruptedException, ExecutionException;
    }

    private void with(Duration roundTrip, Measuring measuring)
            throws IOException, SQLException, JMException, InterruptedException, ExecutionException {
        Map<Way, WayPair> pairs = new EnumMap<>(Way.class);
        try {
            for (Way way : Way.values()) {
                pairs.put(way, new WayPair(way, servers, roundTrip));
            }
            progress.println("round trip " + roundTrip.toMillis() + " ms: all stand");
            measuring.of(pairs);
        } finally {
            for (WayPair pair : pairs.values()) {
                pair.close();
            }
        }
    }

    // ------------------------------------------------------------------ counting

    private void count(Map<Way, WayPair> pairs) throws SQLException {
        for (Work work : Work.values()) {
            for (Map.Entry<Way, WayPair> pair : pairs.entrySet()) {
                Way way = pair.getKey();
                List<Double> trips = trips(pair.getValue(), work);
                report.add(Figures.of("trips", work.word, way.word, trips, "round trips")
                        .atMost(way.trips(work)));
            }
        }
    }

    private static List<Double> trips(WayPair pair, Work work) throws SQLException {
        try (Client client = pair.client()) {
            client.autoCommit(work.autoCommit);
            for (int i = 0; i < COUNTED; i++) {
                work.run(client, 1);
            }
            List<Double> trips = new ArrayList<>();
            long before = pair.rounds();
            for (int i = 0; i < COUNTED; i++) {
                work.run(client, 1);
                long after = pair.rounds();
                trips.add((double) (after - before));
                before = after;
            }
            return trips;
        }
    }

    // ------------------------------------------------------------------ times

    private void time(Map<Way, WayPair> pairs) throws SQLException {
        for (Work work : Work.values()) {
            Map<Way, Client> clients = new EnumMap<>(Way.class);
            try {
                for (Map.Entry<Way, WayPair> pair : pairs.entrySet()) {
                    Client client = pair.getValue().client();
                    client.autoCommit(work.autoCommit);
                    clients.put(pair.getKey(), client);
                    p50(client, work, runs());
                }
                compare(work, interleaved(clients, work));
            } finally {
                for (Client client : clients.values()) {
                    client.close();
                }
            }
        }
    }

    private int runs() {
        return quick ? 100 : 500;
    }

    private Map<Way, List<Double>> interleaved(Map<Way, Client> clients, Work work) throws SQLException {
        Map<Way, List<Double>> nanos = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<Way, Client> client : clients.entrySet()) {
                nanos.computeIfAbsent(client.getKey(), way -> new ArrayList<>())
                        .add(p50(client.getValue(), work, runs()));
            }
            progress.println(work.word + ": round " + (round + 1) + " of " + rounds);
        }
        return nanos;
    }

    private static double p50(Client client, Work work, int runs) throws SQLException {
        List<Double> nanos = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            long begun = System.nanoTime();
            work.run(client, 1 + 3 * (i % (WayPair.ROWS / 3)));
            nanos.add((double) (System.nanoTime() - begun));
        }
        return Figures.median(nanos);
    }

    private void compare(Work work, Map<Way, List<Double>> nanos) {
        List<Double> single = nanos.getOrDefault(Way.SINGLE, List.of());
        nanos.forEach((way, own) ->
                report.add(Figures.of("p50", work.word, way.word, Figures.against(own, single, true), "x single")
                        .timed(Figures.median(own), Double.NaN)
                        .atMost(way.ratio(work))));
    }

    // ------------------------------------------------------------------ throughput

    private void crowd(Map<Way, WayPair> pairs) throws SQLException, InterruptedException, ExecutionException {
        Map<Way, List<Double>> rates = new TreeMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<Way, WayPair> pair : pairs.entrySet()) {
                double rate = rate(pair.getValue());
                if (round > 0) {
                    rates.computeIfAbsent(pair.getKey(), way -> new ArrayList<>())
                            .add(rate);
                }
            }
            progress.println("throughput: round " + round + " of " + rounds + ", 0 is to warm up");
        }
        List<Double> single = rates.getOrDefault(Way.SINGLE, List.of());
        rates.forEach((way, own) -> {
            Figures figures = Figures.of(
                            "throughput", "three writes", way.word, Figures.against(own, single, true), "x single")
                    .timed(1e9 / Figures.median(own), Double.NaN);
            report.add(way.rung == null ? figures : figures.atLeast(THROUGHPUT));
        });
    }

    /** Transactions a second of all connections together. */
    private double rate(WayPair pair) throws SQLException, InterruptedException, ExecutionException {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        List<Client> clients = new ArrayList<>();
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Client client = pair.client();
                client.autoCommit(false);
                clients.add(client);
                Work.TRANSACTION.run(client, 1 + 3 * i);
            }
            long begun = System.nanoTime();
            for (int i = 0; i < CONNECTIONS; i++) {
                Client client = clients.get(i);
                int row = 1 + 3 * i;
                running.add(threads.submit(() -> repeat(client, row, over)));
            }
            Thread.sleep(quick ? 1_000 : 5_000);
            over.set(true);
            int done = 0;
            for (Future<Integer> one : running) {
                done += one.get();
            }
            return done * 1e9 / (System.nanoTime() - begun);
        } finally {
            threads.shutdown();
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private static int repeat(Client client, int row, AtomicBoolean over) throws SQLException {
        int done = 0;
        while (!over.get()) {
            Work.TRANSACTION.run(client, row);
            done++;
        }
        return done;
    }

    // ------------------------------------------------------------------ the report

    private String table() {
        return report.stream().map(Figures::row).collect(Collectors.joining("\n", "\n" + Figures.HEAD + "\n", ""));
    }

    private String json() {
        return report.stream().map(Figures::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]"));
    }
}
