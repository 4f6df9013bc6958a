/** {@code dualwrite demo}: a whole migration on this machine, from one command, with its own judgement of the outcome. */
@NullMarked
package io.dualwrite.demo;

import org.jspecify.annotations.NullMarked;
