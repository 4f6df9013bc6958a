/**
 * What the application holds: the hand-written halves of the JDBC objects. {@link io.dualwrite.jdbc.Proxies} makes them, and the build
 * adds the methods that do nothing but forward.
 *
 * <p>A statement begins in {@link io.dualwrite.jdbc.DualStatement} or {@link io.dualwrite.jdbc.DualPreparedStatement}. Where one leg is
 * used and the text leaves nothing behind, it runs on the vendor's statement at once. All else goes through {@link
 * io.dualwrite.jdbc.StatementWay}: it asks the {@code Router}, and runs the text on one leg, on both ({@link
 * io.dualwrite.jdbc.LockWay}), or hands a write to {@code DualTransaction}, whose package tells how it goes on. The vendors' statements
 * are {@link io.dualwrite.jdbc.VendorStatements}, made when they are needed; {@link io.dualwrite.jdbc.AnsweringStatement} gives the
 * application what these or a mirrored write have answered.
 */
@NullMarked
package io.dualwrite.jdbc;

import org.jspecify.annotations.NullMarked;
