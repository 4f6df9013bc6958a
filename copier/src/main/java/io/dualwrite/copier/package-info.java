/** The copier: wires plan, source, target and ledger together into runs. */
@NullMarked
package io.dualwrite.copier;

import org.jspecify.annotations.NullMarked;
