package dev.cortado.vision.weights;

import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The table of published weights, {@code weights.csv}: one set per line, no field with a comma.
 * torchvision's figures are its own; of timm's sets the accuracies are from its {@code
 * results-imagenet.csv} and the multiply-adds from its benchmark tables.
 */
final class WeightsTable {
  private WeightsTable() {}

  static List<Weights> read() {
    try (var in = WeightsTable.class.getResourceAsStream("weights.csv")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(line -> weights(line.split(",", -1))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Weights weights(String[] field) {
    return new Weights(
        field[0],
        field[1],
        field[2].equals("yes"),
        field[11],
        field[12].isEmpty() ? null : field[12],
        new Preset(
            Integer.parseInt(field[3]),
            Integer.parseInt(field[4]),
            Resampling.valueOf(field[5].toUpperCase(Locale.ROOT)),
            field[6].equals("half") ? Normalization.HALF : Normalization.IMAGENET),
        Categories.IMAGENET,
        Long.parseLong(field[7]),
        Double.parseDouble(field[8]),
        Double.parseDouble(field[9]),
        Double.parseDouble(field[10]),
        field[13],
        field[14]);
  }
}
