package dev.cortado.examples.command;

import dev.cortado.nn.Summary;
import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.model.Models;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a model's layers. */
@Command(
    name = "summary",
    sortOptions = false,
    description = {
      "Shows a model's layers: shapes, parameters, which are trained, multiply-adds, and the"
          + " memory of a training step.",
      "",
      "Nothing is computed and no weights are needed: the largest models are as quick as the"
          + " smallest.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado summary vit_b_16 --classes 3 --freeze features",
      "  cortado summary efficientnet_b0 --depth 1 --json"
    })
public final class SummaryCommand implements Runnable {
  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "The model; 'cortado models' lists them.")
  private @Nullable String name;

  @Option(names = "--model", paramLabel = "NAME", description = "Another way to name it.")
  private @Nullable String model;

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
      paramLabel = "PATTERN|none",
      description = "What stays as it is, as in 'cortado train': 'features' or names of layers.")
  private @Nullable String freeze;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "3",
      description = "Levels of the tree of layers (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Creates the command; picocli fills it. */
  public SummaryCommand() {}

  @Override
  public void run() {
    atLeast("--classes", 1, classes);
    atLeast("--batch-size", 1, batchSize);
    atLeast("--depth", 0, depth);
    var network = Models.define(named(), classes);
    if (freeze != null && !freeze.equals(WeightsSource.NONE)) {
      network.freeze(freeze);
    }
    int size = network.inputSize();
    var summary = Summary.of(network, batchSize, 3, size, size);
    System.out.println(json ? summary.toJson(depth) : summary.table(depth));
  }

  private String named() {
    if (name != null && model != null && !name.equals(model)) {
      throw new CortadoException("one model at a time: " + name + " or " + model + "?");
    }
    if (name != null) {
      return name;
    }
    if (model == null) {
      throw new CortadoException("which model? Name one, such as: cortado summary efficientnet_b0");
    }
    return model;
  }

  private static void atLeast(String option, int least, int value) {
    if (value < least) {
      throw new CortadoException("%s must be at least %d, got %d".formatted(option, least, value));
    }
  }
}
