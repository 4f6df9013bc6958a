/** Whether the fleet may go on: each check a small class with a reason and the command that mends it. */
@NullMarked
package io.dualwrite.copier.gate;

import org.jspecify.annotations.NullMarked;
