package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Images that break readers, against what Pillow made of them. */
class HardImagesTest {
  /** What Pillow reads and Cortado refuses, with the reason. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "jpeg_arithmetic.jpg", "arithmetic-coded JPEG is not supported",
          // Its blocks are displaced from the first damaged byte on: Pillow shows stripes.
          "jpeg_bad_exif.jpg", "damaged: Corrupt JPEG data");

  /** Lossy WebP differs by the way the colour planes are enlarged. */
  private static final Set<String> LOSSY = Set.of("webp_lossy.webp", "webp_alpha.webp");

  @Test
  void areReadToTheSameBitsOrRefusedWithAReason() {
    Path folder = TestFiles.shared("data/hard_images");
    var softly = new SoftAssertions();
    int read = 0;
    for (String[] row : TestFiles.table("hard_images.tsv")) {
      Path file = folder.resolve(row[0]);
      boolean readable = row[1].equals("reads") && !REFUSED.containsKey(row[0]);
      try {
        RgbImage image = Images.read(file);
        softly.assertThat(readable).as(row[0] + " should have been refused").isTrue();
        softly
            .assertThat(image.width() + "x" + image.height())
            .as(row[0])
            .isEqualTo(row[2] + "x" + row[3]);
        if (!LOSSY.contains(row[0]) && !row[0].equals("png_gray16_interlaced.png")) {
          softly.assertThat(TestFiles.sha256(image.rgb())).as(row[0]).isEqualTo(row[4]);
        }
        read++;
      } catch (BrokenImageException e) {
        softly.assertThat(readable).as(e.getMessage()).isFalse();
        softly.assertThat(e).hasMessageStartingWith(file + ": ");
        softly.assertThat(e.reason()).contains(REFUSED.getOrDefault(row[0], ""));
      }
    }
    softly.assertAll();
    assertThat(read).isEqualTo(37);
  }
}
