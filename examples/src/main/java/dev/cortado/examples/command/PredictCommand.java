package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.image.Images;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what photos show. */
@Command(
    name = "predict",
    sortOptions = false,
    description = {
      "Says what photos show, with the model of a training run, or the one that comes with"
          + " Cortado.",
      "",
      "Photos that cannot be read are named, the others are answered all the same. Of a folder all"
          + " photos are taken; where folders in it are called as the model's classes, the last"
          + " line counts how many answers were right. The time is that for reading, preparing and"
          + " computing; the first photo waits for Java's compiler, too.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado predict dinner.jpg",
      "  cortado predict --run runs/first dinner.jpg lunch.png",
      "  cortado predict --run runs/first photos/test",
      "  cortado predict --run runs/first/last.safetensors --top 1 --json *.jpg"
    })
public final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      description =
          "Folder of the run, for its best weights; or one checkpoint file, such as"
              + " DIR/last.safetensors. Without it: the bundled network, which knows the 1,000"
              + " classes of ImageNet.")
  private @Nullable Path run;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "3",
      description = "How many classes to name for each photo (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--json",
      description =
          "Print JSON: for each photo classes, probabilities and milliseconds, and the class that"
              + " its folder is called by, if any.")
  private boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Photos (JPEG, PNG, WebP, TIFF, BMP, GIF), or folders of photos.")
  private List<Path> images = List.of();

  @Mixin private Resources resources = new Resources();

  /** Creates the command; picocli fills it. */
  public PredictCommand() {}

  /**
   * A photo to be looked at.
   *
   * @param truth the class that its folder is called by; null where the user named the photo itself
   */
  private record Question(Path image, @Nullable String truth) {}

  /** What was found for one photo; {@code error} is set if it could not be read. */
  private record Answer(
      Question question,
      List<Map.Entry<String, Float>> classes,
      double milliseconds,
      String error) {
    boolean isRight() {
      return !classes.isEmpty() && classes.getFirst().getKey().equals(question.truth());
    }
  }

  @Override
  public Integer call() {
    resources.apply();
    if (top < 1) {
      throw new CortadoException("--top must be at least 1, got " + top);
    }
    try (var waiting = Waiting.onTerminal()) {
      waiting.on("reading the weights ...");
      var classifier = run == null ? Classifier.bundled() : Classifier.ofRun(run);
      if (run == null && !json) {
        waiting.close();
        System.out.println("No --run given: the bundled network names what ImageNet knows");
      }
      var answers = new ArrayList<Answer>();
      for (var question : questions(classifier.classes())) {
        waiting.on(
            (answers.isEmpty() ? "compiling loops, looking at %s ..." : "looking at %s ...")
                .formatted(question.image()));
        var answer = ask(classifier, question);
        waiting.close();
        answers.add(answer);
        if (!json) {
          print(answer);
        }
      }
      if (json) {
        System.out.println(toJson(answers));
      } else {
        count(answers);
      }
      return answers.stream().anyMatch(a -> !a.error().isEmpty()) ? 2 : 0;
    }
  }

  /** Every photo that is meant; a folder without any stands for itself, and is complained about. */
  private List<Question> questions(List<String> classes) {
    var questions = new ArrayList<Question>();
    for (var image : images) {
      var photos = Files.isDirectory(image) ? ImageFolder.photos(image) : List.<Path>of();
      for (var photo : photos) {
        questions.add(new Question(photo, truth(image, photo, classes)));
      }
      if (photos.isEmpty()) {
        questions.add(new Question(image, null));
      }
    }
    return questions;
  }

  /** The nearest folder of a photo, up to the one that was asked about, that is called a class. */
  private static @Nullable String truth(Path root, Path photo, List<String> classes) {
    var top = root.toAbsolutePath().normalize();
    for (var folder = photo.toAbsolutePath().normalize().getParent();
        folder != null && folder.startsWith(top);
        folder = folder.getParent()) {
      var name = folder.getFileName();
      if (name != null && classes.contains(name.toString())) {
        return name.toString();
      }
    }
    return null;
  }

  private Answer ask(Classifier classifier, Question question) {
    long start = System.nanoTime();
    var image = question.image();
    try {
      if (Files.isDirectory(image)) {
        throw new CortadoException(
            "there are no photos in the folder %s: no file in it ends in %s"
                .formatted(image, String.join(", ", ImageFolder.EXTENSIONS)));
      }
      var photo = classifier.preset().cropped(Images.read(image));
      float[] p = Predictions.probabilities(classifier.model(), classifier.preset(), photo);
      var best =
          IntStream.range(0, p.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -p[i]))
              .limit(top)
              .map(i -> Map.entry(classifier.classes().get(i), p[i]))
              .toList();
      return new Answer(question, best, millisecondsSince(start), "");
    } catch (CortadoException e) {
      return new Answer(
          question, List.of(), millisecondsSince(start), String.valueOf(e.getMessage()));
    }
  }

  private static double millisecondsSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static void print(Answer answer) {
    if (!answer.error().isEmpty()) {
      System.err.println("cortado: " + answer.error());
      return;
    }
    var line = new StringBuilder(answer.question().image() + ":");
    for (var entry : answer.classes()) {
      line.append(
          String.format(Locale.ROOT, "  %s %.1f %%", entry.getKey(), 100 * entry.getValue()));
    }
    System.out.printf(Locale.ROOT, "%s  (%.0f ms)%n", line, answer.milliseconds());
  }

  /** Says how many were right of those whose folder tells what they show. */
  private static void count(List<Answer> answers) {
    var judged = answers.stream().filter(a -> a.question().truth() != null).toList();
    long known = judged.stream().filter(a -> a.error().isEmpty()).count();
    if (known > 0) {
      long right = judged.stream().filter(Answer::isRight).count();
      System.out.printf(
          Locale.ROOT,
          "%,d of %,d right (%.1f %%), by the names of their folders%n",
          right,
          known,
          100.0 * right / known);
    }
  }

  private static String toJson(List<Answer> answers) {
    var list = new ArrayList<Map<String, Object>>();
    for (var answer : answers) {
      var map = new LinkedHashMap<String, Object>();
      map.put("image", answer.question().image().toString());
      var truth = answer.question().truth();
      if (truth != null) {
        map.put("truth", truth);
      }
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
