package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.classify.Checkpoint;
import dev.cortado.training.classify.StepMemory;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what photos show. */
@Command(
    name = "predict",
    sortOptions = false,
    description = {
      "Says what photos show, with the model of a training run.",
      "",
      "Photos that cannot be read are named, the others are answered all the same.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado predict --run runs/first dinner.jpg lunch.png",
      "  cortado predict --run runs/first/last.safetensors --top 1 --json *.jpg"
    })
public final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description =
          "Folder of the run, for its best weights; or one checkpoint file, such as"
              + " DIR/last.safetensors.")
  private Path run = Path.of("");

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "3",
      description = "How many classes to name for each photo (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--json",
      description = "Print JSON: for each photo classes, probabilities and milliseconds.")
  private boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Photos: JPEG, PNG, WebP, TIFF, BMP, GIF.")
  private List<Path> images = List.of();

  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public PredictCommand() {}

  /** What was found for one photo; {@code error} is set if it could not be read. */
  private record Answer(
      Path image, List<Map.Entry<String, Float>> classes, double milliseconds, String error) {}

  @Override
  public Integer call() {
    resources.apply();
    if (top < 1) {
      throw new CortadoException("--top must be at least 1, got " + top);
    }
    var file = checkpointFile();
    var checkpoint = Checkpoint.read(file);
    var model = restore(file, checkpoint);
    var answers = new ArrayList<Answer>();
    for (var image : images) {
      var answer = ask(model, checkpoint, image);
      answers.add(answer);
      if (!json) {
        print(answer);
      }
    }
    if (json) {
      System.out.println(toJson(answers));
    }
    return answers.stream().anyMatch(a -> !a.error().isEmpty()) ? 2 : 0;
  }

  private Path checkpointFile() {
    if (!Files.exists(run)) {
      throw new CortadoException(
          "there is no run "
              + run
              + ": --run takes the folder that 'cortado train' has left, or a checkpoint in it");
    }
    if (!Files.isDirectory(run)) {
      return run;
    }
    var best = new RunDirectory(run).bestCheckpoint();
    if (!Files.exists(best)) {
      throw new CortadoException(
          Files.exists(new RunDirectory(run).record())
              ? run + " holds no " + best.getFileName() + ": not one epoch of this run was finished"
              : run + " is not the folder of a run: it holds no " + best.getFileName());
    }
    return best;
  }

  private static Model restore(Path file, Checkpoint checkpoint) {
    var plan = Models.define(checkpoint.model(), checkpoint.classes().size());
    int size = checkpoint.preset().crop();
    StepMemory.ofPrediction(plan, size, size).require(checkpoint.model(), 1, "");
    try {
      return checkpoint.restore();
    } catch (CortadoException e) {
      throw new CortadoException(file + " is a damaged checkpoint: " + e.getMessage(), e);
    }
  }

  private Answer ask(Model model, Checkpoint checkpoint, Path image) {
    long start = System.nanoTime();
    try {
      var photo = checkpoint.preset().cropped(Images.read(image));
      float[] p = Predictions.probabilities(model, checkpoint.preset(), photo);
      var best =
          IntStream.range(0, p.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -p[i]))
              .limit(top)
              .map(i -> Map.entry(checkpoint.classes().get(i), p[i]))
              .toList();
      return new Answer(image, best, (System.nanoTime() - start) / 1e6, "");
    } catch (CortadoException e) {
      return new Answer(
          image, List.of(), (System.nanoTime() - start) / 1e6, String.valueOf(e.getMessage()));
    }
  }

  private static void print(Answer answer) {
    if (!answer.error().isEmpty()) {
      System.err.println("cortado: " + answer.error());
      return;
    }
    var line = new StringBuilder(answer.image() + ":");
    for (var entry : answer.classes()) {
      line.append(
          String.format(Locale.ROOT, "  %s %.1f %%", entry.getKey(), 100 * entry.getValue()));
    }
    System.out.printf(Locale.ROOT, "%s  (%.0f ms)%n", line, answer.milliseconds());
  }

  private static String toJson(List<Answer> answers) {
    var list = new ArrayList<Map<String, Object>>();
    for (var answer : answers) {
      var map = new LinkedHashMap<String, Object>();
      map.put("image", answer.image().toString());
      if (answer.error().isEmpty()) {
        var classes = new ArrayList<Map<String, Object>>();
        for (var entry : answer.classes()) {
          var one = new LinkedHashMap<String, Object>();
          one.put("class", entry.getKey());
          one.put("probability", entry.getValue());
          classes.add(one);
        }
        map.put("predictions", classes);
      } else {
        map.put("error", answer.error());
      }
      map.put("milliseconds", answer.milliseconds());
      list.add(map);
    }
    return Json.text(list);
  }
}
