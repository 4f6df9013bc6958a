package io.dualwrite.simulation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Random;

/** A thread of the application that reads: what was acknowledged before, to whomever, must be seen (R10). */
final class Reader implements Runnable {
    private final World world;
    private final Instance instance;
    private final Random random;

    Reader(World world, Instance instance, Random random) {
        this.world = world;
        this.instance = instance;
        this.random = random;
    }

    @Override
    public void run() {
        try (Connection connection = instance.connect();
                PreparedStatement select = connection.prepareStatement("SELECT amount FROM account WHERE id = ?")) {
            for (int i = 0; i < 6; i++) {
                read(select, 1 + random.nextInt(Expectation.ACCOUNTS));
                world.scheduler().sleep(1_000L * random.nextInt(20_000));
            }
        } catch (SQLException e) {
            world.story().tell("the reader is told " + e.getSQLState());
        }
    }

    private void read(PreparedStatement select, int account) throws SQLException {
        long acknowledged = world.expectation().acknowledged(account);
        select.setInt(1, account);
        try (ResultSet row = select.executeQuery()) {
            long seen = row.next() ? row.getLong(1) : 0;
            if ((acknowledged & ~seen) != 0) {
                world.expectation()
                        .violated("a reader on " + instance.standing.rung() + " saw " + Long.toBinaryString(seen)
                                + " in account " + account + " after " + Long.toBinaryString(acknowledged)
                                + " was acknowledged");
            }
        }
    }
}
