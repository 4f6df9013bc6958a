package io.dualwrite.copier.diff;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.convert.RowComparison;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.dialect.RowImage;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Merges the two sides of a table, both read in the one order of their keys, so that memory holds a page of each whatever
 * the table's size. The sides are not read at the same moment: what differs under live writes is only a "maybe".
 */
public final class RowDiff {

    /** Takes what the merge finds, in key order. */
    public interface Sink {
        /** A row that both sides have with the same values. */
        void same(RowImage source, RowImage target) throws SQLException, InterruptedException;

        /** A row that both sides have with different values. */
        void differs(RowImage source, RowImage target) throws SQLException, InterruptedException;

        /** A row that the target lacks. */
        void missing(RowImage source) throws SQLException, InterruptedException;

        /** A row that the source lacks. */
        void extra(RowImage target) throws SQLException, InterruptedException;
    }

    private RowDiff() {}

    /**
     * Merges the streams to their ends.
     *
     * @param keysOnly whether the streams hold keys alone, so that rows with equal keys count as the same
     */
    public static void merge(
            TablePlan table, KeyOrder order, boolean keysOnly, RowStream source, RowStream target, Sink sink)
            throws SQLException, InterruptedException {
        RowImage left = source.next();
        RowImage right = target.next();
        while (left != null || right != null) {
            int side = side(order, left, right);
            if (side < 0 && left != null) {
                sink.missing(left);
                left = source.next();
            } else if (side > 0 && right != null) {
                sink.extra(right);
                right = target.next();
            } else if (left != null && right != null) {
                if (keysOnly || RowComparison.same(table, left, right)) {
                    sink.same(left, right);
                } else {
                    sink.differs(left, right);
                }
                left = source.next();
                right = target.next();
            }
        }
    }

    private static int side(KeyOrder order, @Nullable RowImage left, @Nullable RowImage right) {
        if (left == null) {
            return 1;
        }
        return right == null ? -1 : order.compare(left.key(), right.key());
    }
}
