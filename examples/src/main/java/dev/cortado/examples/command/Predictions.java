package dev.cortado.examples.command;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Scope;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.RgbImage;
import dev.cortado.vision.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Asks a trained model about photos. */
final class Predictions {
  private static final int COLUMNS = 6;

  private Predictions() {}

  /**
   * Returns the probability of every class. The model must be in evaluation mode.
   *
   * @param photo at the preset's size already, see {@link Preset#cropped}
   */
  static float[] probabilities(Model model, Preset preset, RgbImage photo) {
    try (var scope = Scope.open()) {
      var images = preset.stack(List.of(photo));
      return Autograd.noGrad(() -> model.apply(images)).softmax(1).toFloats();
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
   * for. A picture that cannot be drawn (a machine without Java2D, say) must not spoil the run.
   *
   * @return whether there is a sheet now
   */
  static boolean sheet(
      Model model,
      Preset preset,
      ImageFolder test,
      RunDirectory folder,
      int count,
      RunRecord record) {
    model.eval();
    try {
      var tiles = tiles(model, preset, test, count);
      if (!tiles.isEmpty()) {
        ContactSheet.write(folder.predictions(), title(record), tiles, COLUMNS);
      }
      return !tiles.isEmpty();
    } catch (RuntimeException | LinkageError | InternalError e) {
      System.err.println("cortado: there is no " + folder.predictions() + ": " + e.getMessage());
      return false;
    }
  }

  private static List<ContactSheet.Tile> tiles(
      Model model, Preset preset, ImageFolder test, int count) {
    var tiles = new ArrayList<ContactSheet.Tile>();
    int size = test.size();
    int shown = Math.min(count, size);
    for (int i = 0; i < shown; i++) {
      var sample = test.samples().get((int) ((long) i * size / shown));
      RgbImage photo;
      try {
        photo = preset.cropped(Images.read(sample.path()));
      } catch (CortadoException unreadable) {
        continue; // The report has named it.
      }
      float[] p = probabilities(model, preset, photo);
      int best = best(p);
      tiles.add(
          new ContactSheet.Tile(
              photo.width(),
              photo.height(),
              photo.rgb(),
              test.classes().get(sample.label()),
              test.classes().get(best),
              p[best]));
    }
    return tiles;
  }

  private static String title(RunRecord record) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of %d test photos right",
        record.model(),
        100 * (record.testAccuracy() == null ? 0 : record.testAccuracy()),
        record.testImages());
  }
}
