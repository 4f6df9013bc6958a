/**
 * What an application may rely on: each case is a body of JDBC code that runs first on the bare driver and then through the
 * wrapper on every rung; what it observed must be the same.
 */
@NullMarked
package io.dualwrite.contract;

import org.jspecify.annotations.NullMarked;
