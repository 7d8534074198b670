package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImagesTest {
  /** TwelveMonkeys enlarges the colour planes of lossy WebP in another way than libwebp. */
  private static final String LOSSY = "lossy.webp";

  static Stream<List<String>> files() {
    return TestFiles.table("formats/upright.tsv").stream().map(List::of);
  }

  @ParameterizedTest
  @MethodSource("files")
  void readsTheSameBitsAsPillow(List<String> row) {
    RgbImage image = read(row.getFirst());
    assertThat(List.of(image.width(), image.height()))
        .containsExactly(Integer.parseInt(row.get(1)), Integer.parseInt(row.get(2)));
    if (row.getFirst().equals(LOSSY)) {
      // Means over 8x8 blocks, which hardly feel the difference.
      RgbImage blocks = TestFiles.image("lossy_blocks.png");
      RgbImage ours = Resize.resize(image, blocks.width(), blocks.height(), Resampling.BOX);
      assertThat(largestDifference(ours, blocks)).isLessThan(10);
    } else {
      assertThat(TestFiles.sha256(image.rgb())).isEqualTo(row.get(3));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void refusesEveryTruncatedFile(List<String> row) {
    byte[] whole = bytes(row.getFirst());
    RgbImage image = read(row.getFirst());
    int step = Math.max(1, whole.length / 60);
    int refused = 0;
    int cuts = 0;
    for (int length = whole.length - 1; length >= 0; length -= step) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      cuts++;
      try {
        // What follows the pixels may be missing, but then the pixels must all be there.
        assertThat(Images.read(cut, "cut", ReadOptions.DEFAULT)).isEqualTo(image);
      } catch (BrokenImageException e) {
        refused++;
        assertThat(e).hasMessageStartingWith("cut: ");
      }
    }
    assertThat(refused).isGreaterThan(cuts / 3);
  }

  @Test
  void refusesJpegThatEndsTooEarlyOrIsDamagedInside() {
    byte[] whole = bytes("rgb_420.jpg");
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 2);
    assertThatThrownBy(() -> Images.read(cut, "a.jpg", ReadOptions.DEFAULT))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage(
            "a.jpg: truncated: the file ends after %d bytes, before the image does", cut.length);
    // An end marker put behind half of the data: complete in form, but not in content.
    byte[] mended = java.util.Arrays.copyOf(whole, whole.length * 2 / 3);
    mended[mended.length - 2] = (byte) 0xff;
    mended[mended.length - 1] = (byte) 0xd9;
    assertThatThrownBy(() -> Images.read(mended, "b.jpg", ReadOptions.DEFAULT))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageContaining("damaged: Corrupt JPEG data");
  }

  @Test
  void acceptsPaddingBehindTheImageDataOfJpeg() {
    byte[] whole = bytes("rgb_444.jpg");
    var padded = new byte[whole.length + 9];
    System.arraycopy(whole, 0, padded, 0, whole.length - 2);
    padded[padded.length - 2] = (byte) 0xff;
    padded[padded.length - 1] = (byte) 0xd9;
    assertThat(Images.read(padded, "padded", ReadOptions.DEFAULT)).isEqualTo(read("rgb_444.jpg"));
    padded[padded.length - 5] = 77;
    assertThatThrownBy(() -> Images.read(padded, "rest", ReadOptions.DEFAULT))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageContaining("extraneous bytes");
  }

  @Test
  void refusesPngWithAWrongChecksum() {
    byte[] file = bytes("rgba.png");
    file[file.length / 2] ^= 1;
    assertThatThrownBy(() -> Images.read(file, "a.png", ReadOptions.DEFAULT))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("a.png: damaged: a checksum in the PNG is wrong");
  }

  @Test
  void saysWhatAFileIsThatIsNoImage() {
    assertReason(new byte[0], "the file is empty");
    assertReason(text("<!DOCTYPE html><title>404</title>"), "web page");
    assertReason(text("\0\0\0\30ftypheic\0\0\0\0"), "HEIC files are not supported");
    assertReason(text("\0\0\0\30ftypavif\0\0\0\0"), "AVIF files are not supported");
    assertReason(text("<?xml version='1.0'?><svg/>"), "SVG");
    assertReason(text("just some words"), "not an image of a known format (JPEG, PNG");
    assertReason(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, "truncated");
  }

  @Test
  void refusesImagesOfTooManyPixelsBeforeUnpackingThem() {
    byte[] file = bytes("rgba.png");
    var small = ReadOptions.DEFAULT.withMaxPixels(61 * 45 - 1);
    assertThatThrownBy(() -> Images.read(file, "a.png", small))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageContaining("too large: 61x45 pixels");
    assertThatThrownBy(() -> Images.read(bytes("rgb_420.jpg"), "a.jpg", small))
        .hasMessageContaining("too large: 61x45 pixels");
    assertThat(Images.read(file, "a.png", small.withMaxPixels(61 * 45)).width()).isEqualTo(61);
  }

  @Test
  void namesFilesThatAreNotThere(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("no.jpg");
    assertThatThrownBy(() -> Images.read(missing))
        .isInstanceOf(CortadoException.class)
        .hasMessage("there is no file " + missing);
    assertThatThrownBy(() -> Images.read(folder)).hasMessageContaining("is a folder");
    Path file = Files.write(folder.resolve("some.jpg"), text("hello"));
    assertThatThrownBy(() -> Images.read(file)).hasMessageStartingWith(file + ": ");
  }

  @Test
  void readsInManyThreadsAtOnce() throws InterruptedException, ExecutionException {
    List<String> names = files().map(List::getFirst).toList();
    List<RgbImage> expected = names.stream().map(ImagesTest::read).toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var tasks = new ArrayList<Callable<RgbImage>>();
      for (int i = 0; i < 400; i++) {
        String name = names.get(i % names.size());
        tasks.add(() -> read(name));
      }
      List<Future<RgbImage>> results = pool.invokeAll(tasks);
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo(expected.get(i % names.size()));
      }
    }
  }

  @Test
  void theFoodPhotosDecodeToPillowsBits() throws Exception {
    Path folder = TestFiles.shared("data/pizza_steak_sushi");
    var digest = java.security.MessageDigest.getInstance("SHA-256");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(Images.read(file, ReadOptions.LIKE_PILLOW).rgb());
      }
    }
    assertThat(java.util.HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("05be979568d23b935a532bc14a8a954322642eb193ac7b11cd5862508fe893a9");
  }

  @Test
  void convertsToAndFromJava2d() {
    RgbImage image = read("rgba.png");
    assertThat(RgbImage.of(image.toBufferedImage())).isEqualTo(image);
    for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB}) {
      var other = new BufferedImage(image.width(), image.height(), type);
      for (int y = 0; y < image.height(); y++) {
        for (int x = 0; x < image.width(); x++) {
          other.setRGB(x, y, 0xff000000 | image.pixel(x, y));
        }
      }
      assertThat(RgbImage.of(other)).isEqualTo(image);
      var part = other.getSubimage(3, 5, 20, 10);
      assertThat(RgbImage.of(part)).isEqualTo(image.crop(3, 5, 20, 10));
    }
    var bgr = image.toBufferedImage().getSubimage(3, 5, 20, 10);
    assertThat(RgbImage.of(bgr)).isEqualTo(image.crop(3, 5, 20, 10));
  }

  static RgbImage read(String name) {
    return Images.read(bytes(name), name, ReadOptions.DEFAULT);
  }

  static byte[] bytes(String name) {
    return TestFiles.resource("formats/" + name);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void assertReason(byte[] bytes, String reason) {
    assertThatThrownBy(() -> Images.read(bytes, "photo", ReadOptions.DEFAULT))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageStartingWith("photo: ")
        .hasMessageContaining(reason);
  }

  private static int largestDifference(RgbImage a, RgbImage b) {
    int largest = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      largest = Math.max(largest, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
    }
    return largest;
  }
}
