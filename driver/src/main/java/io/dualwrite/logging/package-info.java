/**
 * Hands the driver's log lines on to the application's own logging.
 *
 * <p>In the driver's jar slf4j-api lies under a name of its own, so that it cannot clash with the application's. Under that name
 * it would find no provider and fall silent; this package is its provider. It hands on to the application's {@code org.slf4j}, 1.7
 * or 2, where that can be heard, and else to {@code java.util.logging}. Outside the jar, where nothing has been renamed, nobody
 * registers it and the driver logs through the slf4j-api on the class path like anyone.
 */
@NullMarked
package io.dualwrite.logging;

import org.jspecify.annotations.NullMarked;
