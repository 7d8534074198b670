package dev.cortado.examples.command;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.vision.model.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a model on raw numbers. */
@Command(
    name = "forward",
    description = {
      "Runs a model on raw numbers, for comparing frameworks.",
      "",
      "Reads the tensor 'input' (F32, [N, 3, H, W]) and writes 'logits'. Nothing is resized or"
          + " normalised.",
      ""
    })
public final class ForwardCommand implements Runnable {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "The model; 'cortado models' lists them.")
  private String model = "";

  @Option(names = "--weights", paramLabel = "FILE|NAME|none", description = "Its weights.")
  private @Nullable String weights;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Outputs of the head (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      description = "A safetensors file with the tensor 'input'.")
  private Path input = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The safetensors file to write.")
  private Path output = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "For random weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public ForwardCommand() {}

  @Override
  public void run() {
    resources.apply();
    Models.architecture(model);
    var tensors = Safetensors.read(input).tensors();
    var x = tensors.get("input");
    if (x == null) {
      throw new CortadoException(input + " has no tensor 'input'; it has " + tensors.keySet());
    }
    if (x.dtype() != DType.F32 || x.rank() != 4 || x.dim(1) != 3) {
      throw new CortadoException(
          "'input' in " + input + " must be F32 [N, 3, H, W], got " + x.spec());
    }
    var network = Models.create(model, classes, RandomKey.of(seed));
    var chosen = WeightsChoice.load(network, weights);
    network.eval();
    long start = System.nanoTime();
    var images = x.channelsLast();
    var logits = Autograd.noGrad(() -> network.apply(images));
    double milliseconds = (System.nanoTime() - start) / 1e6;
    var result = new LinkedHashMap<>(Map.of("logits", logits.contiguous()));
    Safetensors.write(output, result, Map.of("model", model));
    System.out.printf(
        Locale.ROOT,
        "%s (%s): %s to %s in %.0f ms, written to %s%n",
        model,
        chosen.description(),
        x.shape(),
        logits.shape(),
        milliseconds,
        output);
  }
}
