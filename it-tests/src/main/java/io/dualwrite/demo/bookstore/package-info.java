/**
 * The application of the demo: plain legacy JDBC code behind a connection pool, which knows nothing of Dualwrite but its
 * URL. Nothing in here may use another package of this project.
 */
@NullMarked
package io.dualwrite.demo.bookstore;

import org.jspecify.annotations.NullMarked;
