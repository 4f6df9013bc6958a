package io.dualwrite.jdbc;

import io.dualwrite.mirror.KeyRequest;
import java.sql.CallableStatement;
import java.sql.SQLException;

/**
 * The application's callable statement: what a procedure writes is not known, so on dual rungs it runs on the authority and is
 * marked, or is refused. Results are the vendor's.
 */
abstract class DualCallableStatement extends RecordingCallableStatement {

    DualCallableStatement(DualConnection connection, String sql, VendorStatements.Maker maker) {
        super(connection, sql, KeyRequest.NONE, maker);
    }

    @Override
    CallableStatement delegate() throws SQLException {
        return (CallableStatement) super.delegate();
    }
}
