package dev.cortado.examples.command;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.run.RunRecord;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.data.Sample;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.RgbImage;
import dev.cortado.vision.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;

/** Asks a trained model about photos. */
final class Predictions {
  private static final int COLUMNS = 6;

  private Predictions() {}

  /**
   * Returns for each image the probability of every class. The model must be in evaluation mode.
   *
   * @param images [N, 3, H, W], prepared as the model's preset says
   */
  static float[][] probabilities(Model model, Tensor images) {
    try (var scope = Scope.open()) {
      var logits = Autograd.noGrad(() -> model.apply(images));
      float[] flat = logits.softmax(1).toFloats();
      int classes = logits.dim(1);
      float[][] rows = new float[logits.dim(0)][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = java.util.Arrays.copyOfRange(flat, i * classes, (i + 1) * classes);
      }
      return rows;
    }
  }

  /** Returns the number of the largest entry. */
  static int best(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  /**
   * Draws a sheet of test photos, spread evenly over the classes, with what the model takes them
   * for.
   */
  static void sheet(
      Model model, Preset preset, ImageFolder test, Path file, int count, RunRecord record) {
    model.eval();
    var samples = new ArrayList<Sample>();
    var photos = new ArrayList<RgbImage>();
    int size = test.size();
    for (int i = 0; i < Math.min(count, size); i++) {
      var sample = test.samples().get((int) ((long) i * size / Math.min(count, size)));
      try {
        photos.add(preset.cropped(Images.read(sample.path())));
        samples.add(sample);
      } catch (CortadoException unreadable) {
        continue; // The report has named it.
      }
    }
    if (photos.isEmpty()) {
      return;
    }
    float[][] probabilities = probabilities(model, preset.stack(photos));
    var tiles = new ArrayList<ContactSheet.Tile>();
    for (int i = 0; i < photos.size(); i++) {
      int best = best(probabilities[i]);
      var photo = photos.get(i);
      tiles.add(
          new ContactSheet.Tile(
              photo.width(),
              photo.height(),
              photo.rgb(),
              test.classes().get(samples.get(i).label()),
              test.classes().get(best),
              probabilities[i][best]));
    }
    var title =
        String.format(
            Locale.ROOT,
            "%s: %.1f %% of %d test photos right",
            record.model(),
            100 * (record.testAccuracy() == null ? 0 : record.testAccuracy()),
            record.testImages());
    ContactSheet.write(file, title, tiles, COLUMNS);
  }
}
