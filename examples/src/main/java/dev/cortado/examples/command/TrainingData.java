package dev.cortado.examples.command;

import dev.cortado.examples.drawings.DrawingsDataset;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Parallel;
import dev.cortado.training.report.ProgressBar;
import dev.cortado.training.run.DataUsed;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.data.ImageSplits;
import dev.cortado.vision.image.Images;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The photos of a training, checked: at least two classes, photos to learn from and photos to be
 * tested with, some of each readable.
 *
 * @param noun what the pictures are: photos, or drawings
 * @param root the folder
 * @param splits everything in it
 * @param test the part to be tested with
 */
record TrainingData(String noun, Path root, ImageSplits splits, ImageFolder test) {
  /** Where the drawings are kept. */
  private static final Path DRAWINGS = RunDirectory.ROOT.resolve("drawings");

  /** Draws the pictures to learn from where the user has none, unless they are there already. */
  static TrainingData drawings(DrawingsDataset dataset, PrintStream console) {
    console.println("No --data given: learning from drawings, which are kept in " + DRAWINGS);
    try (var bar =
        new ProgressBar("drawing", dataset.entries().size(), console, ProgressBar.detectMode())) {
      dataset.write(DRAWINGS, Parallel.threads(), () -> bar.step(1, ""));
    }
    var drawn = open(DRAWINGS);
    return new TrainingData("drawings", drawn.root(), drawn.splits(), drawn.test());
  }

  /**
   * Opens the user's photos.
   *
   * @throws CortadoException saying what is missing
   */
  static TrainingData open(Path root) {
    var splits = ImageSplits.open(root);
    var test = splits.test().orElseThrow(() -> noTest(root));
    int classes = splits.train().classes().size();
    if (classes < 2) {
      throw new CortadoException(
          "%s holds one class only, %s: a model learns to tell at least two apart"
              .formatted(splits.train().root(), splits.train().classes().getFirst()));
    }
    checkReadable(splits.train());
    checkReadable(test);
    return new TrainingData("photos", root, splits, test);
  }

  private static CortadoException noTest(Path root) {
    return new CortadoException(
        "%s has no photos to test with: put some of each class into %s and the others into %s"
            .formatted(
                root,
                root.resolve("test").resolve("CLASS"),
                root.resolve("train").resolve("CLASS")));
  }

  /** Stops at the first photo that can be read, so it costs next to nothing where all is well. */
  private static void checkReadable(ImageFolder folder) {
    String first = "";
    for (var sample : folder.samples()) {
      try {
        Images.read(sample.path());
        return;
      } catch (CortadoException e) {
        first = first.isEmpty() ? String.valueOf(e.getMessage()) : first;
      }
    }
    throw new CortadoException(
        "not one of the %d photos in %s can be read; the first: %s"
            .formatted(folder.size(), folder.root(), first));
  }

  /** Returns the part to learn from. */
  ImageFolder train() {
    return splits.train();
  }

  /** Returns what the run's record says of the photos. */
  DataUsed used() {
    return new DataUsed(
        root.toString(), splits.digest(), train().classes(), train().size(), test.size());
  }
}
