/**
 * The demo's judgement, which owes nothing to the driver and the copier: what the instances were told had committed, held
 * against what the databases hold, by plain JDBC.
 */
@NullMarked
package io.dualwrite.demo.verdict;

import org.jspecify.annotations.NullMarked;
