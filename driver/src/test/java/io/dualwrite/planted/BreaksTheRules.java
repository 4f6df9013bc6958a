package io.dualwrite.planted;

import io.dualwrite.config.Manifest;
import java.sql.Connection;

/** What {@code ArrowsTest} must find. */
final class BreaksTheRules {

    private BreaksTheRules() {}

    static void print(Connection connection, Manifest manifest) {
        System.out.println(connection + " " + manifest);
    }
}
