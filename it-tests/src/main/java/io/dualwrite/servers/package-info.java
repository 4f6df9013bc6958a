/** Real database servers for tests and for the demo, unpacked from Maven artifacts: no install, no Docker. */
@NullMarked
package io.dualwrite.servers;

import org.jspecify.annotations.NullMarked;
