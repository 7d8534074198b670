package dev.cortado.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.run.EpochFigures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {
  private static final int TRAIN = 0x0072B2;
  private static final int TEST = 0xD55E00;

  @TempDir Path folder;

  private static List<EpochFigures> epochs(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(e -> new EpochFigures(e, 1.0 / e, 1 - 0.5 / e, 1.2 / e, 0.9, 9, 10, 1, 10, 1e-3))
        .toList();
  }

  private static long pixels(BufferedImage image, int from, int to, int rgb) {
    return IntStream.range(0, image.getHeight())
        .mapToLong(
            y ->
                IntStream.range(from, to)
                    .filter(x -> (image.getRGB(x, y) & 0xffffff) == rgb)
                    .count())
        .sum();
  }

  // More than the few pixels of the legend's line and dot.
  private static final int MORE_THAN_THE_LEGEND = 400;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100})
  void bothCurvesAreInBothCharts(int count) throws IOException {
    var file = folder.resolve("curves.png");
    Curves.write(file, "lite0", epochs(count));
    var image = ImageIO.read(file.toFile());
    int half = image.getWidth() / 2;
    for (int colour : new int[] {TRAIN, TEST}) {
      assertThat(pixels(image, 0, half, colour)).isGreaterThan(MORE_THAN_THE_LEGEND);
      assertThat(pixels(image, half, 2 * half, colour)).isGreaterThan(MORE_THAN_THE_LEGEND);
    }
  }

  @Test
  void figuresThatAreNoNumbersLeaveGaps() {
    var some = new ArrayList<>(epochs(5));
    var nan = Double.NaN;
    some.set(2, new EpochFigures(3, nan, 0.5, Double.POSITIVE_INFINITY, 0.5, 5, 10, 1, 10, 1e-3));
    assertThat(pixels(Curves.draw("gap", some), 0, 1000, TRAIN)).isPositive();
    var none = List.of(new EpochFigures(1, nan, nan, nan, nan, 0, 0, 1, 10, 1e-3));
    assertThat(pixels(Curves.draw("none", none), 0, 1000, TRAIN)).isZero();
  }

  @Test
  void withoutAnEpochThereIsNothingToDraw() {
    assertThatThrownBy(() -> Curves.draw("x", List.of())).isInstanceOf(CortadoException.class);
  }
}
