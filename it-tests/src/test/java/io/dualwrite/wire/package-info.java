@NullMarked
package io.dualwrite.wire;

import org.jspecify.annotations.NullMarked;
