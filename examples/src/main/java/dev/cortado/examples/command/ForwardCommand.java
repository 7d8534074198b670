package dev.cortado.examples.command;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.training.classify.StepMemory;
import dev.cortado.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
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
    sortOptions = false,
    description = {
      "Runs a model on raw numbers, for comparing frameworks.",
      "",
      "Reads the tensor 'input' (F32, [N, 3, H, W]) and writes 'logits' (F32, [N, classes])."
          + " Nothing is resized or normalised; the model is in evaluation mode.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  cortado forward --model vit_tiny_patch16_224 --weights vit_tiny.safetensors \\",
      "      --input in.safetensors --output out.safetensors"
    })
public final class ForwardCommand implements Runnable {
  private static final int IMAGENET = 1000;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "The model; 'cortado models' lists them.")
  private String model = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE|NAME|none",
      description = "Its weights, as in 'cortado train'.")
  private @Nullable String weights;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Outputs of the head (default: those of the weights, else 1000).")
  private @Nullable Integer classes;

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
      description = "The safetensors file to write, in place of an earlier one.")
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
    if (classes != null && classes < 1) {
      throw new CortadoException("--classes must be at least 1, got " + classes);
    }
    Models.architecture(model);
    var source = source();
    checkOutput();
    var x = images();
    StepMemory.ofPrediction(Models.define(model, 1), x.dim(2), x.dim(3))
        .require(model, x.dim(0), "at most %d images at a time");

    var network = Models.define(model, classes == null ? IMAGENET : classes);
    var loaded = source.loadInto(network, RandomKey.of(seed));
    int known = loaded.headClasses();
    if (known > 0 && known != network.classes()) {
      // The loader has drawn a new head, which says nothing.
      if (classes != null) {
        throw new CortadoException(
            "--classes is %d, but these weights have a head for %d".formatted(classes, known));
      }
      network = Models.define(model, known);
      loaded = source.loadInto(network, RandomKey.of(seed));
    }
    network.eval();
    var ready = network;
    long start = System.nanoTime();
    var logits = Autograd.noGrad(() -> ready.apply(x.channelsLast()));
    double milliseconds = (System.nanoTime() - start) / 1e6;
    var result = new LinkedHashMap<>(Map.of("logits", logits.contiguous()));
    Safetensors.write(output, result, Map.of("model", model));
    System.out.printf(
        Locale.ROOT,
        "%s (%s): %s to %s in %.0f ms, written to %s%n",
        model,
        loaded.description(),
        x.shape(),
        logits.shape(),
        milliseconds,
        output);
  }

  private Tensor images() {
    var x = Safetensors.read(input).tensor("input");
    if (x.dtype() != DType.F32 || x.rank() != 4 || x.dim(1) != 3 || x.elements() == 0) {
      throw new CortadoException(
          "'input' in " + input + " must be F32 [N, 3, H, W], got " + x.spec());
    }
    return x;
  }

  /** Refuses, before anything slow happens, what could not be written or must not be. */
  private void checkOutput() {
    var file = output.toAbsolutePath().normalize();
    if (Files.isDirectory(file)) {
      throw new CortadoException(output + " is a folder; --output takes a file");
    }
    var above = file.getParent();
    while (above != null && Files.notExists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      var reason = above == null ? "there is no such place" : above + " is no folder to write into";
      throw new CortadoException("cannot write to %s: %s".formatted(output, reason));
    }
    if (isSame(file, input)
        || (source() instanceof WeightsSource.OfFile w && isSame(file, w.file()))) {
      throw new CortadoException("--output %s would overwrite what is read".formatted(output));
    }
  }

  private WeightsSource source() {
    return WeightsSource.of(model, weights);
  }

  private static boolean isSame(Path file, Path other) {
    try {
      return Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
    } catch (IOException e) {
      return false; // Writing will tell.
    }
  }
}
