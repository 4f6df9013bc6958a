/** Which step an instance may take: the ladder as pure functions, without JDBC, clock or thread. */
@NullMarked
package io.dualwrite.ladder;

import org.jspecify.annotations.NullMarked;
