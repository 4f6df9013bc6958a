/** What the application holds: the hand-written halves of the JDBC objects. */
@NullMarked
package io.dualwrite.jdbc;

import org.jspecify.annotations.NullMarked;
