/** What the driver costs beside the bare vendor's driver and beside other drivers that stand between. */
@NullMarked
package io.dualwrite.bench;

import org.jspecify.annotations.NullMarked;
