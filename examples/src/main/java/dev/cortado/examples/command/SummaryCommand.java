package dev.cortado.examples.command;

import dev.cortado.nn.Summary;
import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.model.Models;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a model's layers. */
@Command(
    name = "summary",
    description = {
      "Shows a model's layers: output shapes, parameters, which are trained, multiply-adds.",
      "",
      "Nothing is computed and no weights are needed: the largest models are as quick as the"
          + " smallest.",
      ""
    },
    footer = {"", "Example:", "  cortado summary --model vit_b_16 --classes 3 --freeze features"})
public final class SummaryCommand implements Runnable {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "The model; 'cortado models' lists them.")
  private String model = "";

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Outputs of the head (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description = "Images at a time (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description = "What stays as it is, as in 'train'.")
  private @Nullable String freeze;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "3",
      description = "How deep the tree of layers is shown (default: ${DEFAULT-VALUE}).")
  private int depth;

  /** Creates the command; picocli fills it. */
  public SummaryCommand() {}

  @Override
  public void run() {
    if (batchSize < 1 || depth < 0) {
      throw new CortadoException("--batch-size must be at least 1 and --depth at least 0");
    }
    var network = Models.define(model, classes);
    if (freeze != null && !freeze.equals(WeightsChoice.NONE)) {
      network.freeze(freeze);
    }
    int size = network.inputSize();
    System.out.println(Summary.of(network, batchSize, 3, size, size).table(depth));
  }
}
