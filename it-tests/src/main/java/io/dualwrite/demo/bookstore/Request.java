package io.dualwrite.demo.bookstore;

import java.sql.Connection;
import java.sql.SQLException;

/** One thing that a user of the bookstore asks for. */
interface Request {

    /** Carries it out on a connection from the pool, noting down what it changes. */
    void run(Connection connection, Changes changes) throws SQLException;
}
