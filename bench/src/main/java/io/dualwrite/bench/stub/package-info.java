/** A JDBC driver that costs nothing: what is measured over it is the cost of what stands before it. */
@NullMarked
package io.dualwrite.bench.stub;

import org.jspecify.annotations.NullMarked;
