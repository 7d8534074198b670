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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Asks a trained model about photos. */
final class Predictions {
  private static final int COLUMNS = 6;

  /** What the model takes a test photo for. */
  record Guess(Path photo, ContactSheet.Tile tile) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s %.1f %%%s",
          photo,
          tile.guess(),
          100 * tile.probability(),
          tile.guess().equals(tile.truth()) ? "" : " (wrong)");
    }
  }

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
   * Returns what the model takes some test photos for, spread evenly over the classes. Photos that
   * cannot be read are left out.
   */
  static List<Guess> some(Model model, Preset preset, ImageFolder test, int count) {
    model.eval();
    var guesses = new ArrayList<Guess>();
    int shown = Math.min(count, test.size());
    for (int i = 0; i < shown; i++) {
      var sample = test.samples().get((int) ((long) i * test.size() / shown));
      try {
        var photo = preset.cropped(Images.read(sample.path()));
        float[] p = probabilities(model, preset, photo);
        int best = best(p);
        var tile =
            new ContactSheet.Tile(
                photo.width(),
                photo.height(),
                photo.rgb(),
                test.classes().get(sample.label()),
                test.classes().get(best),
                p[best]);
        guesses.add(new Guess(sample.path(), tile));
      } catch (CortadoException unreadable) {
        // The report has named it.
      }
    }
    return guesses;
  }

  /**
   * Draws a sheet of guesses. A picture that cannot be drawn (a machine without Java2D, say) must
   * not spoil the run.
   *
   * @param noun what the pictures are: photos, or drawings
   * @return whether there is a sheet now
   */
  static boolean sheet(List<Guess> guesses, String noun, RunRecord record, RunDirectory folder) {
    try {
      var tiles = guesses.stream().map(Guess::tile).toList();
      ContactSheet.write(folder.predictions(), title(noun, record), tiles, COLUMNS);
      return true;
    } catch (RuntimeException | LinkageError | InternalError e) {
      System.err.println("cortado: there is no " + folder.predictions() + ": " + e.getMessage());
      return false;
    }
  }

  static String title(String noun, RunRecord record) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of %d test %s right",
        record.model(),
        100 * (record.testAccuracy() == null ? 0 : record.testAccuracy()),
        record.testImages(),
        noun);
  }
}
