package io.dualwrite.bench.stub;

import java.sql.DatabaseMetaData;

/** Says that it is H2. */
abstract class StubMetaData implements DatabaseMetaData {
    @Override
    public String getDatabaseProductName() {
        return "H2";
    }
}
