package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever a file holds, reading it gives an image or says why not. */
class HostileFileProperties {
  private static final List<String> FILES =
      TestFiles.table("formats/upright.tsv").stream().map(row -> row[0]).toList();

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(FILES);
  }

  @Property(tries = 1500)
  void anyDamageIsReadOrRefused(
      @ForAll("files") String name,
      @ForAll @IntRange(min = 1, max = 12) int changes,
      @ForAll long seed) {
    byte[] file = ImagesTest.bytes(name);
    var random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      // Headers are more interesting than pixels.
      int at = random.nextInt(random.nextBoolean() ? Math.min(file.length, 200) : file.length);
      file[at] = (byte) random.nextInt();
    }
    try {
      RgbImage image = Images.read(file, "damaged", ReadOptions.DEFAULT.withMaxPixels(1_000_000));
      assertThat(image.rgb()).hasSize(3 * image.width() * image.height());
    } catch (BrokenImageException e) {
      assertThat(e).hasMessageStartingWith("damaged: ");
      assertThat(e.reason()).isNotBlank().doesNotContain("\n");
    }
  }

  @Property(tries = 500)
  void anyBytesInPlaceOfExifLeaveTheImageAsItIs(
      @ForAll @IntRange(max = 300) int length, @ForAll boolean tiffHeader, @ForAll long seed) {
    var exif = new byte[length];
    new Random(seed).nextBytes(exif);
    if (tiffHeader && length >= 8) {
      System.arraycopy(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8}, 0, exif, 0, 8);
    }
    byte[] plain = ImagesTest.bytes("rgb_444.jpg");
    RgbImage expected = Images.read(plain, "plain", ReadOptions.DEFAULT);
    RgbImage image =
        Images.read(OrientationTest.withExif(plain, exif), "exif", ReadOptions.LIKE_PILLOW);
    assertThat(image).isEqualTo(expected);
    RgbImage turned =
        Images.read(OrientationTest.withExif(plain, exif), "exif", ReadOptions.DEFAULT);
    assertThat(turned.rgb()).hasSameSizeAs(expected.rgb());
  }
}
