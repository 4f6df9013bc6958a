package io.dualwrite.copier.cli;

/**
 * The report of a command that did not do what it was asked for, for programs.
 *
 * @param refused why and what to do, in the words that stand on standard error too
 */
record Refusal(String refused) {}
