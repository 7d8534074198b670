package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The fast resize against one written down straight from the definition. */
class ResizeProperties {
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void equalsTheDefinition(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int outWidth,
      @ForAll @IntRange(min = 1, max = 40) int outHeight,
      @ForAll Resampling filter,
      @ForAll long seed) {
    RgbImage image = noise(width, height, seed);
    RgbImage resized = Resize.resize(image, outWidth, outHeight, filter);
    assertThat(resized).isEqualTo(byDefinition(image, outWidth, outHeight, filter));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aRegionIsAPartOfTheWhole(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int outWidth,
      @ForAll @IntRange(min = 1, max = 40) int outHeight,
      @ForAll Resampling filter,
      @ForAll long seed) {
    RgbImage image = noise(width, height, seed);
    var random = new Random(seed);
    int left = random.nextInt(outWidth);
    int top = random.nextInt(outHeight);
    var region =
        new Resize.Region(
            left, top, 1 + random.nextInt(outWidth - left), 1 + random.nextInt(outHeight - top));
    RgbImage whole = Resize.resize(image, outWidth, outHeight, filter);
    assertThat(Resize.resize(image, outWidth, outHeight, filter, region))
        .isEqualTo(whole.crop(left, top, region.width(), region.height()));
  }

  private static RgbImage noise(int width, int height, long seed) {
    var samples = new byte[3 * width * height];
    new Random(seed).nextBytes(samples);
    return RgbImage.of(width, height, samples);
  }

  private static RgbImage byDefinition(RgbImage image, int width, int height, Resampling filter) {
    RgbImage wide = width == image.width() ? image : across(image, width, filter);
    if (height == image.height()) {
      return wide;
    }
    return Orientation.TRANSPOSED.apply(across(Orientation.TRANSPOSED.apply(wide), height, filter));
  }

  private static RgbImage across(RgbImage image, int width, Resampling filter) {
    int in = image.width();
    double scale = (double) in / width;
    var out = new byte[3 * width * image.height()];
    double nearest = scale / 2;
    for (int x = 0; x < width; x++, nearest += scale) {
      for (int y = 0; y < image.height(); y++) {
        for (int c = 0; c < 3; c++) {
          int value =
              filter == Resampling.NEAREST
                  ? sample(image, (int) nearest, y, c)
                  : weighted(image, y, c, (x + 0.5) * scale, Math.max(scale, 1), filter);
          out[3 * (y * width + x) + c] = (byte) value;
        }
      }
    }
    return RgbImage.of(width, image.height(), out);
  }

  private static int weighted(
      RgbImage image, int y, int c, double center, double scale, Resampling filter) {
    double support = filter.support() * scale;
    int low = Math.max(0, (int) (center - support + 0.5));
    int high = Math.min(image.width(), (int) (center + support + 0.5));
    double total = 0;
    for (int x = low; x < high; x++) {
      total += filter.weight((x - low + low - center + 0.5) * (1 / scale));
    }
    long sum = 1 << 21;
    for (int x = low; x < high; x++) {
      double w = filter.weight((x - low + low - center + 0.5) * (1 / scale)) / total;
      sum += (long) (w * (1 << 22) + (w < 0 ? -0.5 : 0.5)) * sample(image, x, y, c);
    }
    return (int) Math.clamp(sum >> 22, 0L, 255L);
  }

  private static int sample(RgbImage image, int x, int y, int c) {
    return image.rgb()[3 * (y * image.width() + x) + c] & 0xff;
  }
}
