/** An application with Hibernate. */
@NullMarked
package io.dualwrite.clients.library;

import org.jspecify.annotations.NullMarked;
