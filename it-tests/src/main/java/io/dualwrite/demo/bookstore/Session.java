package io.dualwrite.demo.bookstore;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** What one worker remembers of its customers: they always come back to it, as with sticky sessions. Confined to it. */
final class Session {

    /** An order that was acknowledged to its customer. */
    record Placed(long id, long customer, int lines, long invoice, BigDecimal total, boolean paid) {}

    /** A review that was acknowledged. */
    record Written(long id, long customer, int stars, int version) {}

    /** The shop's visit counters, each raised by all instances. */
    static final List<String> COUNTERS = List.of("home", "search", "basket", "help");

    static final List<String> GENRES =
            List.of("novel", "poetry", "history", "science", "travel", "cooking", "art", "law");

    private static final int REMEMBERED = 200;

    final Random random;
    final List<Long> customers;
    final List<Long> titles;
    final List<Long> ownTitles = new ArrayList<>();
    final Deque<Placed> orders = new ArrayDeque<>();
    final Deque<Written> reviews = new ArrayDeque<>();

    Session(Random random, List<Long> customers, List<Long> titles) {
        this.random = random;
        this.customers = customers;
        this.titles = titles;
    }

    long customer() {
        return customers.get(random.nextInt(customers.size()));
    }

    /** A title, some of them much more wanted than others. */
    long title() {
        double draw = random.nextDouble();
        return titles.get((int) (draw * draw * titles.size()));
    }

    void placed(Placed order) {
        orders.addLast(order);
        if (orders.size() > REMEMBERED) {
            orders.removeFirst();
        }
    }

    void written(Written review) {
        reviews.addLast(review);
        if (reviews.size() > REMEMBERED) {
            reviews.removeFirst();
        }
    }

    void published(long title) {
        titles.add(title);
        ownTitles.add(title);
    }

    /** A text of 20 to {@code longest} characters, some of them outside of ASCII. */
    String prose(int longest) {
        String words = "the quick brøwn fox läuft über den faulen 狗 and reads 'on' \"naïve\" — ";
        int length = 20 + random.nextInt(longest - 19);
        int start = random.nextInt(words.length());
        return words.repeat(length / words.length() + 2).substring(start, start + length);
    }

    /** A picture of 1 to {@code longest} bytes. */
    byte[] picture(int longest) {
        byte[] bytes = new byte[1 + random.nextInt(longest)];
        random.nextBytes(bytes);
        return bytes;
    }
}
