/** What differs per vendor. Shared by the driver and the copier. */
@NullMarked
package io.dualwrite.dialect;

import org.jspecify.annotations.NullMarked;
