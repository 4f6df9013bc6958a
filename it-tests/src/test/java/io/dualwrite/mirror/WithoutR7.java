package io.dualwrite.mirror;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowWriter;
import java.sql.SQLException;

/** Deletes what is there to be seen, and is content. */
final class WithoutR7 {
    private WithoutR7() {}

    static void delete(RowWriter writer, RowImage image) throws SQLException {
        writer.delete(image.key());
    }
}
