package io.dualwrite.mirror;

import io.dualwrite.dialect.SqlState;
import java.sql.SQLException;
import java.sql.Savepoint;

/** A savepoint that a text of the application's has set, which a vendor's driver knows nothing of. Immutable. */
final class TextSavepoint implements Savepoint {
    private final String name;

    TextSavepoint(String name) {
        this.name = name;
    }

    @Override
    public int getSavepointId() throws SQLException {
        throw new SQLException("Savepoint " + name + " has a name", SqlState.NO_SAVEPOINT.code());
    }

    @Override
    public String getSavepointName() {
        return name;
    }
}
