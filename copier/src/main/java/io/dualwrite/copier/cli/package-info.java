/** The command line: picocli commands, their options, progress and exit codes. The only place that writes to the console. */
@NullMarked
package io.dualwrite.copier.cli;

import org.jspecify.annotations.NullMarked;
