package dev.cortado.training.run;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything one training run leaves: {@code run.json}, the best and the last
 * checkpoint, the curves and TensorBoard's event file.
 *
 * <p>Runs nobody gave a folder are laid out as {@code runs/DATE/EXPERIMENT/MODEL/EXTRA}, for
 * example {@code runs/2026-11-21/pizza_steak_sushi/efficientnet_lite0/10_epochs}, so that
 * TensorBoard, started on {@code runs}, lists and groups them.
 *
 * @param path the folder; exists
 */
public record RunDirectory(Path path) {

  /** The folder under which runs without a folder of their own are put. */
  public static final Path ROOT = Path.of("runs");

  /**
   * Makes the folder of a run nobody gave a name: {@code ROOT/DATE/EXPERIMENT/MODEL[/EXTRA]}. When
   * it is taken, the last part gets a number: {@code MODEL_2}, {@code MODEL_3}, …
   *
   * @param root the folder of all runs, as a rule {@link #ROOT}
   * @param date the day
   * @param experiment what the run is about: the data's name, as a rule
   * @param model the model's name
   * @param extra what sets this run apart from others of the same model, or null
   * @throws CortadoException if the folder cannot be made
   */
  public static RunDirectory create(
      Path root, LocalDate date, String experiment, String model, @Nullable String extra) {
    var parent = root.resolve(date.toString()).resolve(folderName(experiment));
    var last = folderName(model);
    if (extra != null && !extra.isBlank()) {
      parent = parent.resolve(last);
      last = folderName(extra);
    }
    try {
      Files.createDirectories(parent);
      for (int number = 1; ; number++) {
        var folder = parent.resolve(number == 1 ? last : last + "_" + number);
        try {
          // Fails if it exists, so two runs started in the same moment get a folder each.
          Files.createDirectory(folder);
          return new RunDirectory(folder);
        } catch (FileAlreadyExistsException taken) {
          // The next number, then.
        }
      }
    } catch (IOException e) {
      throw cannotMake(parent.resolve(last), e);
    }
  }

  /**
   * Makes the folder that the user named. It may exist already if it is empty; one that holds
   * something is refused, so that no earlier run is lost.
   *
   * @throws CortadoException if it holds something, is a file, or cannot be made or written to
   */
  public static RunDirectory at(Path folder) {
    var normal = folder.normalize();
    // "." comes to nothing, and nothing has no name that a message could show.
    var out = normal.toString().isEmpty() ? folder.toAbsolutePath().normalize() : normal;
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new CortadoException(
          "the output folder %s is a file; choose another --out".formatted(out));
    }
    try {
      Files.createDirectories(out);
      if (!isEmpty(out)) {
        throw new CortadoException(
            "the output folder %s is not empty; choose another --out, such as %s, or empty it"
                .formatted(out, free(out)));
      }
      // Asks the file system itself, now rather than after the first epoch.
      Files.delete(Files.createTempFile(out, ".cortado", ".tmp"));
    } catch (IOException e) {
      throw cannotMake(out, e);
    }
    return new RunDirectory(out);
  }

  /**
   * Opens the folder of an earlier run.
   *
   * @throws CortadoException if there is no such folder, or no run's record in it
   */
  public static RunDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new CortadoException("there is no run folder " + path);
    }
    var run = new RunDirectory(path);
    if (!Files.isRegularFile(run.record())) {
      throw new CortadoException(
          "%s is not a run's folder: it holds no %s".formatted(path, run.record().getFileName()));
    }
    return run;
  }

  /** The run's record, {@code run.json}. */
  public Path record() {
    return path.resolve("run.json");
  }

  /** The checkpoint of the epoch with the highest test accuracy, {@code best.safetensors}. */
  public Path bestCheckpoint() {
    return path.resolve("best.safetensors");
  }

  /** The checkpoint of the latest epoch, {@code last.safetensors}. */
  public Path lastCheckpoint() {
    return path.resolve("last.safetensors");
  }

  /** The picture of loss and accuracy, {@code curves.png}. */
  public Path curves() {
    return path.resolve("curves.png");
  }

  /** The contact sheet of predictions, {@code predictions.png}. */
  public Path predictions() {
    return path.resolve("predictions.png");
  }

  /** Turns a name into one that every file system takes as a single folder. */
  static String folderName(String name) {
    // What Windows forbids, what separates folders, and blanks, which shells stumble over.
    var safe = name.strip().replaceAll("[\\\\/:*?\"<>|\\s\\p{Cntrl}]+", "_");
    safe = safe.replaceAll("[. ]+$", "");
    if (safe.isEmpty() || safe.matches("(?i)con|prn|aux|nul|com\\d|lpt\\d")) {
      safe = "_" + safe.toLowerCase(Locale.ROOT);
    }
    return safe;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Path free(Path out) {
    var named = out.getFileName() == null ? Path.of("run") : out;
    for (int number = 2; ; number++) {
      var candidate = named.resolveSibling(named.getFileName() + "_" + number);
      if (!Files.exists(candidate)) {
        return candidate;
      }
    }
  }

  private static CortadoException cannotMake(Path folder, IOException e) {
    var reason = FileProblem.reason(e);
    // Where a file stands in the place of a folder, it is that file which must be named.
    for (var above = folder; above != null; above = above.getParent()) {
      if (Files.exists(above)) {
        reason = Files.isDirectory(above) ? reason : above + " is a file";
        break;
      }
    }
    return new CortadoException(
        "cannot write to the output folder %s: %s".formatted(folder, reason), e);
  }
}
