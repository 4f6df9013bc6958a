package io.dualwrite.histories;

import io.dualwrite.ladder.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** All clients of the fleet, some on each instance, each a thread that makes one request after another. Thread-safe. */
final class Clients implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(16);

    private final History history;
    private final Lists lists;
    private final Bank bank = new Bank();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final ReentrantReadWriteLock requests = new ReentrantReadWriteLock(true);
    private volatile boolean ended;

    Clients(History history, Lists lists) {
        this.history = history;
        this.lists = lists;
    }

    /** Begins one more client. */
    synchronized void start(Transaction transaction, Supplier<Rung> rung, long seed) {
        int process = running.size();
        running.add(threads.submit(() -> work(process, transaction, rung, new Random(seed + process))));
    }

    private void work(int process, Transaction transaction, Supplier<Rung> rung, Random random) {
        while (!ended) {
            requests.readLock().lock();
            try {
                request(process, transaction, rung, random);
            } finally {
                requests.readLock().unlock();
            }
            LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE.toNanos()));
        }
    }

    private void request(int process, Transaction transaction, Supplier<Rung> rung, Random random) {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                Request.Append append = lists.append(random);
                history.record(process, rung, append, () -> lists.run(append, transaction));
            }
            case 3, 4, 5 -> {
                Request.ReadList read = lists.read(random);
                history.record(process, rung, read, () -> lists.run(read, transaction));
            }
            case 6 -> {
                Request.Transfer transfer = bank.transfer(random);
                history.record(process, rung, transfer, () -> bank.run(transfer, transaction));
            }
            default -> history.record(process, rung, new Request.ReadAccounts(), () -> bank.look(transaction));
        }
    }

    /** Holds all clients back once their requests are answered, and lets them go on after the work. */
    void quietly(Runnable work) {
        requests.writeLock().lock();
        try {
            work.run();
        } finally {
            requests.writeLock().unlock();
        }
    }

    /** Fails if a client has ended by itself. */
    void mustRun() throws ExecutionException, InterruptedException {
        for (Future<?> client : List.copyOf(running)) {
            if (client.isDone()) {
                client.get();
            }
        }
    }

    /** Ends all clients; a failure of one of them is thrown. */
    @Override
    public void close() throws ExecutionException, InterruptedException, TimeoutException {
        ended = true;
        threads.shutdown();
        for (Future<?> client : List.copyOf(running)) {
            client.get(30, TimeUnit.SECONDS);
        }
    }
}
