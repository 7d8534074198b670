package dev.cortado.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures how fast Cortado is on this machine. */
@Command(
    name = "bench",
    description = {"Measures how fast Cortado is on this machine.", ""},
    footer = {"", "Start with:", "  cortado bench kernels --quick"},
    subcommands = BenchKernelsCommand.class)
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Creates the command; picocli fills it. */
  public BenchCommand() {}

  @Override
  public void run() {
    CommandLine.usage(spec.commandLine(), System.out);
  }
}
