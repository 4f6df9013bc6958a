package io.dualwrite.demo.bookstore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;

/**
 * A bookstore, one instance of several: a connection pool, a few threads with their customers, SQL.
 *
 * <p>It is told {@code pause}, {@code resume} and {@code stop} on its standard input, for it stands for its users too, and
 * says {@code ready}, {@code paused}, {@code stopped}, {@code failed …} and once a second {@code tally …} on its standard output.
 */
public final class Bookstore {
    private static final int THREADS = 5;

    /** What the command line says, as {@code name=value}. */
    private record Options(String url, Path journal, int number, int fleet, int rate, long seed) {
        static Options of(String[] arguments) {
            return new Options(
                    arguments[0],
                    Path.of(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Long.parseLong(arguments[5]));
        }
    }

    private Bookstore() {}

    /**
     * Runs until it is told to stop or its standard input ends.
     *
     * @param arguments JDBC URL, journal file, number of this instance from 1, number of instances, requests a second, seed
     */
    public static void main(String[] arguments) throws SQLException, IOException, InterruptedException {
        Options options = Options.of(arguments);
        try (HikariDataSource pool = pool(options.url());
                Journal journal = new Journal(options.journal())) {
            Throttle throttle = new Throttle();
            Tally tally = new Tally();
            for (Worker worker : workers(options, pool, throttle, journal, tally)) {
                Thread thread = new Thread(worker, "bookstore-worker");
                thread.setDaemon(true);
                thread.start();
            }
            Timer clock = new Timer(true);
            clock.scheduleAtFixedRate(telling(tally), 1000, 1000);
            say("ready");
            obey(throttle);
            throttle.stop();
            clock.cancel();
            say("tally " + tally.line());
        }
        say("stopped");
    }

    /** Says one line to whoever started this instance. */
    static void say(String line) {
        System.out.println(line);
    }

    private static TimerTask telling(Tally tally) {
        return new TimerTask() {
            @Override
            public void run() {
                say("tally " + tally.line());
            }
        };
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("bookstore");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(THREADS + 1);
        config.setConnectionTimeout(10_000);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new HikariDataSource(config);
    }

    private static List<Worker> workers(
            Options options, HikariDataSource pool, Throttle throttle, Journal journal, Tally tally)
            throws SQLException {
        List<Long> customers;
        List<Long> titles;
        try (Connection connection = pool.getConnection()) {
            customers = Keys.longs(connection, "SELECT id FROM customer ORDER BY id");
            titles = Keys.longs(connection, "SELECT id FROM title ORDER BY id");
        }
        long[] everybody = customers.stream().mapToLong(Long::longValue).toArray();
        int strangers = options.fleet() * THREADS;
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = (options.number() - 1) * THREADS + i;
            List<Long> own =
                    customers.stream().filter(id -> id % strangers == number).toList();
            Session session = new Session(new Random(options.seed() + number), own, new ArrayList<>(titles));
            workers.add(new Worker(
                    pool,
                    throttle,
                    journal,
                    tally,
                    session,
                    new Wallets(session, everybody),
                    "w" + number,
                    TimeUnit.SECONDS.toNanos(THREADS) / options.rate()));
        }
        return workers;
    }

    private static void obey(Throttle throttle) throws IOException, InterruptedException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null && !order.equals("stop"); order = orders.readLine()) {
            if (order.equals("pause")) {
                throttle.pause();
                say("paused");
            } else if (order.equals("resume")) {
                throttle.resume();
            }
        }
    }
}
