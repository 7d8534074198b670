package dev.cortado.examples.command;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Parallel;
import dev.cortado.training.run.Hardware;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells what Cortado runs on. */
@Command(
    name = "info",
    description = {
      "Tells what computes here, and why.",
      "",
      "The backend is the fastest that can run; the others stand below it with the reason why"
          + " not. The heap is what models and photos have to fit into; CORTADO_JAVA_OPTIONS=-Xmx8g"
          + " sets it.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  CORTADO_JAVA_OPTIONS=-Dcortado.backend=reference cortado info",
      "      the slow backend that defines what is correct"
    })
public final class InfoCommand implements Runnable {
  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public InfoCommand() {}

  @Override
  public void run() {
    resources.apply();
    var chosen = Backends.current();
    System.out.printf("Backend   %s: %s%n", chosen.name(), chosen.description());
    for (var candidate : Backends.candidates()) {
      if (!candidate.chosen()) {
        System.out.printf("          not %s: %s%n", candidate.name(), candidate.reason());
      }
    }
    System.out.printf("Threads   %d%n", Parallel.threads());
    System.out.printf("Machine   %s%n", Hardware.detect().summary());
    System.out.printf("Java      %s, %s%n", Runtime.version(), System.getProperty("java.vm.name"));
  }
}
