package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
  private static final int WIDTH = 48;
  private static final int HEIGHT = 32;
  private static final List<Integer> COLOURS = List.of(0xe02020, 0x20e020, 0x2020e0, 0xe0e020);

  /** Corners A B over C D of the stored image, and where they stand upright. */
  @ParameterizedTest
  @CsvSource({
    "0, ABCD", "1, ABCD", "2, BADC", "3, DCBA", "4, CDAB", "5, ACBD", "6, CADB", "7, DBCA",
    "8, BDAC", "9, ABCD"
  })
  void jpegsAreTurnedUpright(int tag, String corners) throws IOException {
    for (var order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      byte[] file = withExif(jpeg(quarters()), exif(tag, order));
      RgbImage image = Images.read(file, "photo", ReadOptions.DEFAULT);
      boolean swapped = tag >= 5 && tag <= 8;
      assertThat(image.width()).isEqualTo(swapped ? HEIGHT : WIDTH);
      assertThat(image.height()).isEqualTo(swapped ? WIDTH : HEIGHT);
      assertThat(corners(image)).isEqualTo(corners);
      RgbImage stored = Images.read(file, "photo", ReadOptions.DEFAULT.withOrientation(false));
      assertThat(corners(stored)).isEqualTo("ABCD");
      assertThat(image).isEqualTo(Orientation.ofTag(tag).apply(stored));
    }
  }

  @Test
  void everyPixelGoesWhereTheTagSays() {
    var rgb = new byte[3 * 5 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) i;
    }
    RgbImage stored = RgbImage.of(5, 3, rgb);
    for (Orientation orientation : Orientation.values()) {
      RgbImage upright = orientation.apply(stored);
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 5; x++) {
          int right = 4 - x;
          int below = 2 - y;
          int there =
              switch (orientation) {
                case UPRIGHT -> upright.pixel(x, y);
                case FLIPPED_HORIZONTALLY -> upright.pixel(right, y);
                case TURNED_180 -> upright.pixel(right, below);
                case FLIPPED_VERTICALLY -> upright.pixel(x, below);
                case TRANSPOSED -> upright.pixel(y, x);
                case TURNED_90 -> upright.pixel(below, x);
                case TRANSVERSED -> upright.pixel(below, right);
                case TURNED_270 -> upright.pixel(y, right);
              };
          assertThat(there).as("%s %d %d", orientation, x, y).isEqualTo(stored.pixel(x, y));
        }
      }
    }
  }

  /** A JPEG with an APP1 segment of the given EXIF data behind its start. */
  static byte[] withExif(byte[] jpeg, byte[] exif) {
    var out = ByteBuffer.allocate(jpeg.length + 10 + exif.length);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (8 + exif.length));
    out.put(new byte[] {'E', 'x', 'i', 'f', 0, 0}).put(exif).put(jpeg, 2, jpeg.length - 2);
    return out.array();
  }

  private static byte[] exif(int orientation, ByteOrder order) {
    var out = ByteBuffer.allocate(8 + 2 + 24 + 4).order(order);
    out.put(
        (order == ByteOrder.BIG_ENDIAN ? "MM" : "II")
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    out.putShort((short) 42).putInt(8).putShort((short) 2);
    out.putShort((short) 0x0100).putShort((short) 4).putInt(1).putInt(WIDTH);
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return out.array();
  }

  private static RgbImage quarters() {
    var rgb = new byte[3 * WIDTH * HEIGHT];
    for (int y = 0, at = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int colour = COLOURS.get((y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1));
        rgb[at++] = (byte) (colour >> 16);
        rgb[at++] = (byte) (colour >> 8);
        rgb[at++] = (byte) colour;
      }
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  private static byte[] jpeg(RgbImage image) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageIO.write(image.toBufferedImage(), "jpeg", out);
    return out.toByteArray();
  }

  private static String corners(RgbImage image) {
    int right = image.width() - 4;
    int bottom = image.height() - 4;
    return ""
        + letter(image.pixel(3, 3))
        + letter(image.pixel(right, 3))
        + letter(image.pixel(3, bottom))
        + letter(image.pixel(right, bottom));
  }

  private static char letter(int pixel) {
    int best = 0;
    for (int i = 1; i < COLOURS.size(); i++) {
      if (distance(pixel, COLOURS.get(i)) < distance(pixel, COLOURS.get(best))) {
        best = i;
      }
    }
    assertThat(distance(pixel, COLOURS.get(best))).isLessThan(40);
    return (char) ('A' + best);
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      sum += Math.abs((a >> shift & 0xff) - (b >> shift & 0xff));
    }
    return sum;
  }
}
