/** Reads SQL text: lexer and classifier, pure, without {@code java.sql}. */
@NullMarked
package io.dualwrite.sql;

import org.jspecify.annotations.NullMarked;
