package io.dualwrite.fleet;

import io.dualwrite.dialect.SqlState;
import java.sql.SQLNonTransientConnectionException;

/** Another live instance has this one's name (R29); SQLSTATE 08004. */
final class NameTakenException extends SQLNonTransientConnectionException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String name) {
        super(
                "another live instance is called " + name
                        + "; give each instance a name of its own with instance = … in its properties file",
                SqlState.NOT_ADMITTED.code());
    }
}
