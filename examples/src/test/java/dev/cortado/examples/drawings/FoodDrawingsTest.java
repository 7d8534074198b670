package dev.cortado.examples.drawings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoodDrawingsTest {
  private static final int MANY = 30;

  @BeforeAll
  static void withoutDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @ParameterizedTest
  @EnumSource(FoodClass.class)
  void sameSeedSameBytesOnEveryThread(FoodClass kind) {
    var alone = LongStream.range(0, MANY).mapToObj(seed -> bytes(kind, seed)).toList();
    var together = IntStream.range(0, MANY).parallel().mapToObj(seed -> bytes(kind, seed)).toList();
    for (int i = 0; i < MANY; i++) {
      assertThat(together.get(i)).as("seed %d", i).isEqualTo(alone.get(i));
    }
  }

  @Test
  void everySeedAndClassHasItsOwnPicture() {
    var seen = new HashSet<Integer>();
    for (var kind : FoodClass.values()) {
      for (long seed = 0; seed < MANY; seed++) {
        seen.add(Arrays.hashCode(bytes(kind, seed)));
      }
    }
    assertThat(seen).hasSize(3 * MANY);
  }

  @Test
  void seedsFarApartAreAsGoodAsNeighbours() {
    for (long seed : List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE)) {
      assertThat(FoodDrawings.draw(FoodClass.SUSHI, seed)).isNotNull();
    }
    assertThat(bytes(FoodClass.SUSHI, -1)).isNotEqualTo(bytes(FoodClass.SUSHI, 1));
  }

  @ParameterizedTest
  @EnumSource(FoodClass.class)
  void sizesVaryWithinBounds(FoodClass kind) {
    var shapes = new HashSet<List<Integer>>();
    for (long seed = 0; seed < MANY; seed++) {
      var image = FoodDrawings.draw(kind, seed);
      assertThat(image.getWidth()).isBetween(256, 327);
      assertThat(image.getHeight()).isBetween(256, 327);
      assertThat(FoodDrawings.rgb(image)).hasSize(3 * image.getWidth() * image.getHeight());
      shapes.add(List.of(image.getWidth(), image.getHeight()));
    }
    assertThat(shapes).hasSizeGreaterThan(MANY / 2);
  }

  @Test
  void bytesAreRedGreenBlue() {
    var image = FoodDrawings.draw(FoodClass.PIZZA, 5);
    var bytes = FoodDrawings.rgb(image);
    int at = 3 * (17 * image.getWidth() + 40);
    int packed = (bytes[at] & 255) << 16 | (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255);
    assertThat(packed).isEqualTo(image.getRGB(40, 17) & 0xFFFFFF);
  }

  @ParameterizedTest
  @EnumSource(FoodClass.class)
  void picturesAreNeitherBlackNorWhiteNorEmpty(FoodClass kind) {
    for (long seed = 0; seed < MANY; seed++) {
      var bytes = bytes(kind, seed);
      var levels = new int[256];
      for (byte value : bytes) {
        levels[value & 255]++;
      }
      int most = Arrays.stream(levels).max().orElseThrow();
      assertThat(most).as("%s %d: most frequent level", kind, seed).isLessThan(bytes.length / 3);
      double mean = IntStream.range(0, 256).mapToDouble(i -> i * (double) levels[i]).sum();
      assertThat(mean / bytes.length).as("%s %d: mean level", kind, seed).isBetween(20.0, 240.0);
    }
  }

  /** The mean colours of the classes overlap: colour alone must not give a class away. */
  @Test
  void classesShareTheirColours() {
    int pictures = 120;
    var means = new double[3][pictures][];
    for (var kind : FoodClass.values()) {
      for (int i = 0; i < pictures; i++) {
        means[kind.stream][i] = meanColour(bytes(kind, 500 + i));
      }
    }
    int right = 0;
    for (int kind = 0; kind < 3; kind++) {
      for (int i = 0; i < pictures; i++) {
        right += nearest(means, kind, i) == kind ? 1 : 0;
      }
    }
    assertThat(right / (3.0 * pictures)).as("nearest neighbour by mean colour").isLessThan(0.6);
  }

  private static int nearest(double[][][] means, int kind, int index) {
    double best = Double.MAX_VALUE;
    int found = -1;
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < means[k].length; i++) {
        if (k == kind && i == index) {
          continue;
        }
        double distance = 0;
        for (int c = 0; c < 3; c++) {
          double difference = means[k][i][c] - means[kind][index][c];
          distance += difference * difference;
        }
        if (distance < best) {
          best = distance;
          found = k;
        }
      }
    }
    return found;
  }

  private static double[] meanColour(byte[] rgb) {
    var mean = new double[3];
    for (int i = 0; i < rgb.length; i++) {
      mean[i % 3] += (rgb[i] & 255) * 3.0 / rgb.length;
    }
    return mean;
  }

  private static byte[] bytes(FoodClass kind, long seed) {
    return FoodDrawings.rgb(FoodDrawings.draw(kind, seed));
  }
}
