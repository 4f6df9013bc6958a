/** What the fleet and the copier know about each other: the registry of instances, marks, the record of runs with their checkpoints. */
@NullMarked
package io.dualwrite.copier.ledger;

import org.jspecify.annotations.NullMarked;
