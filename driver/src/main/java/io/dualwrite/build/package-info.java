/** Runs while the driver is built and is no part of the jar: makes the proxies of {@code io.dualwrite.jdbc}. */
@NullMarked
package io.dualwrite.build;

import org.jspecify.annotations.NullMarked;
