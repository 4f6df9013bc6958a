package io.dualwrite.mirror;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write in one message with the COMMIT of the transaction before it, on a leg whose server takes several statements at once and whose
 * transaction is open. For the leg's lane.
 */
final class WriteBehind {
    private static final String BEGIN = "; BEGIN; ";

    private final Leg leg;
    private final TableShape table;
    private final WriteRequest request;
    private final String query;

    private WriteBehind(Leg leg, TableShape table, WriteRequest request, String query) {
        this.leg = leg;
        this.table = table;
        this.request = request;
        this.query = query;
    }

    /**
     * The write, or null where it takes more than one message, or is asked for more than its rows, or its values are not all there and
     * plain: a large object would be made in the transaction before.
     *
     * @throws SQLException the vendor's own; nothing was sent
     */
    static @Nullable WriteBehind of(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        Classification statement = request.classification;
        if (request.terms.timeoutSeconds != 0
                || request.isVerbatim()
                || request.keys.wanted()
                || statement.is(Trait.RETURNS_ROWS)
                || !request.binder.isPlain(statement.parameters())
                || leg.connection.isReadOnly()) {
            return null;
        }
        String query = Capturable.soleQuery(leg, table, request);
        return query == null ? null : new WriteBehind(leg, table, request, query);
    }

    /** Sets the values of the mark's id and of the write; nothing is sent. */
    PreparedStatement prepare(Marks marks, String id) throws SQLException {
        PreparedStatement statement = leg.prepare(marks.idAndCommit(leg) + BEGIN + query);
        request.binder.bind(statement, -marks.bindId(statement, id));
        return statement;
    }

    /** Sends both. */
    Captured run(PreparedStatement prepared) throws SQLException {
        try (ResultSet rows = Executing.timed(leg, prepared, request, WriteBehind::lastRows)) {
            List<RowImage> images = Capture.images(rows, table, table.columns);
            return new Captured(table, images, Collections.<RowKey>emptyList(), WriteOutcome.count(images.size()));
        }
    }

    private static ResultSet lastRows(PreparedStatement statement) throws SQLException {
        boolean isRows = statement.execute();
        while (!isRows) {
            isRows = statement.getMoreResults();
            if (!isRows && statement.getUpdateCount() < 0) {
                throw new SQLException("The write behind a COMMIT gave no rows");
            }
        }
        return statement.getResultSet();
    }

    /** Whether the application has asked for the write's end. */
    boolean isCancelled() {
        return request.isCancelled();
    }
}
