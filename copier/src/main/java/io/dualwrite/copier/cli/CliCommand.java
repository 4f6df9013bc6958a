package io.dualwrite.copier.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code dualwrite}: a class with picocli's {@code @Command}, a public constructor without parameters and
 * {@link ExitCode} values to return. Commands of other jars are hung in by {@link java.util.ServiceLoader}: their jar
 * names them in {@code META-INF/services/io.dualwrite.copier.cli.CliCommand}.
 */
public interface CliCommand extends Callable<Integer> {}
