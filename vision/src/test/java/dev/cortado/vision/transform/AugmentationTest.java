package dev.cortado.vision.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.RandomKey;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.image.RgbImage;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  @Test
  void flipsAboutHalfOfTheImages() {
    RgbImage image = columns(9, 4);
    var flip = new RandomHorizontalFlip();
    int flipped = 0;
    for (int i = 0; i < 1000; i++) {
      RgbImage result = flip.apply(image, RandomKey.of(1).split(i));
      assertThat(result).isIn(image, image.flippedHorizontally());
      flipped += result.equals(image) ? 0 : 1;
    }
    assertThat(flipped).isBetween(400, 600);
    assertThat(image.flippedHorizontally().pixel(0, 0)).isEqualTo(image.pixel(8, 0));
    assertThat(new RandomHorizontalFlip(0).apply(image, new RandomKey(1))).isEqualTo(image);
    assertThatThrownBy(() -> new RandomHorizontalFlip(1.5)).hasMessageContaining("1.5");
  }

  @Test
  void cropsVaryWithTheKeyAndWithNothingElse() {
    RgbImage image = columns(200, 100);
    var crop = new RandomResizedCrop(16, Resampling.BILINEAR);
    var seen = new HashSet<RgbImage>();
    for (int i = 0; i < 100; i++) {
      RgbImage result = crop.apply(image, RandomKey.of(5).split(2).split(i));
      assertThat(result.width()).isEqualTo(16);
      assertThat(result.height()).isEqualTo(16);
      assertThat(crop.apply(image, RandomKey.of(5).split(2).split(i))).isEqualTo(result);
      seen.add(result);
    }
    assertThat(seen).hasSizeGreaterThan(95);
  }

  @Test
  void cropsKeepTheirShareOfTheArea() {
    // Red is the column, so the difference between the square's ends tells the width that was cut
    // out.
    RgbImage image = columns(250, 250);
    var crop = new RandomResizedCrop(50, 0.25, 0.25, 1, 1, Resampling.BOX);
    for (int i = 0; i < 50; i++) {
      RgbImage result = crop.apply(image, new RandomKey(i));
      int span = (result.pixel(49, 0) >> 16) - (result.pixel(0, 0) >> 16);
      assertThat(span).isBetween(120, 125);
    }
  }

  @Test
  void extremeImagesGetTheLargestCentralCrop() {
    RgbImage strip = columns(200, 2);
    var crop = new RandomResizedCrop(4, 0.9, 1, 0.75, 1.25, Resampling.NEAREST);
    RgbImage result = crop.apply(strip, new RandomKey(1));
    assertThat(result.pixel(0, 0) >> 16).isEqualTo(99);
    assertThat(result.pixel(3, 3) >> 16).isEqualTo(100);
    assertThatThrownBy(() -> new RandomResizedCrop(4, 0, 1, 1, 1, Resampling.BOX))
        .hasMessageContaining("scale");
    assertThatThrownBy(() -> new RandomResizedCrop(4, 0.1, 1, 2, 1, Resampling.BOX))
        .hasMessageContaining("ratio");
  }

  @Test
  void stepsOfAChainDrawIndependently() {
    RgbImage image = columns(40, 30);
    Augmentation flip = new RandomHorizontalFlip();
    Augmentation twice = flip.then(flip);
    int same = 0;
    for (int i = 0; i < 1000; i++) {
      same += twice.apply(image, new RandomKey(i)).equals(image) ? 1 : 0;
    }
    assertThat(same).isBetween(400, 600);
  }

  private static RgbImage columns(int width, int height) {
    var rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (i % width);
      rgb[3 * i + 1] = (byte) (i / width);
    }
    return RgbImage.of(width, height, rgb);
  }
}
