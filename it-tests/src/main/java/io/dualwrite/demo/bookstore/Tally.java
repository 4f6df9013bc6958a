package io.dualwrite.demo.bookstore;

/** Counts an instance's requests. Thread-safe. */
final class Tally {
    private long requests;
    private long failed;
    private long retried;
    private long slowestMicros;
    private String slowest = "-";
    private long recentSlowestMicros;

    synchronized void request(String name, long micros, boolean failure) {
        requests++;
        failed += failure ? 1 : 0;
        recentSlowestMicros = Math.max(recentSlowestMicros, micros);
        if (micros > slowestMicros) {
            slowestMicros = micros;
            slowest = name;
        }
    }

    synchronized void retried() {
        retried++;
    }

    /** Requests, failed ones, retried transactions, the slowest ever in µs and its name, the slowest since the last call in µs. */
    synchronized String line() {
        String line = requests + " " + failed + " " + retried + " " + slowestMicros + " " + slowest + " "
                + recentSlowestMicros;
        recentSlowestMicros = 0;
        return line;
    }
}
