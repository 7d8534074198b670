package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetTest {
  private static final Preset VIT =
      new Preset(256, 224, Resampling.BILINEAR, Normalization.IMAGENET);

  static Stream<List<String>> presets() {
    return TestFiles.table("presets.tsv").stream().map(List::of);
  }

  @ParameterizedTest
  @MethodSource("presets")
  void givesTheSameBitsAsTorchvision(List<String> row) {
    var preset =
        new Preset(
            Integer.parseInt(row.get(1)),
            Integer.parseInt(row.get(2)),
            Resampling.valueOf(row.get(3).toUpperCase(Locale.ROOT)),
            new Normalization(decimals(row.get(4)), decimals(row.get(5))));
    RgbImage image = TestFiles.image(row.get(0) + ".png");
    assertThat(TestFiles.sha256(preset.cropped(image).rgb())).isEqualTo(row.get(6));
    assertThat(TestFiles.sha256(preset.planes(image))).isEqualTo(row.get(7));
  }

  @Test
  void givesTheSameBitsAsTorchvisionForAllGoldenImages() throws IOException {
    Path folder = TestFiles.shared("golden/preproc");
    JsonNode golden = new ObjectMapper().readTree(folder.resolve("preproc.json").toFile());
    var softly = new SoftAssertions();
    int checked = 0;
    for (var entry : golden.get("images").properties()) {
      Path file = folder.resolve(entry.getValue().get("file").asText());
      RgbImage image = Images.read(file, ReadOptions.LIKE_PILLOW);
      softly
          .assertThat(TestFiles.sha256(image.rgb()))
          .as(file + " decoded")
          .isEqualTo(entry.getValue().get("decoded_rgb_sha256").asText());
      for (var expected : entry.getValue().get("expected").properties()) {
        Preset preset = preset(golden.get("presets").get(expected.getKey()));
        String what = file + " " + expected.getKey();
        softly
            .assertThat(TestFiles.sha256(preset.cropped(image).rgb()))
            .as(what)
            .isEqualTo(expected.getValue().get("uint8_hwc_after_crop_sha256").asText());
        softly
            .assertThat(TestFiles.sha256(preset.planes(image)))
            .as(what)
            .isEqualTo(expected.getValue().get("float32_chw_sha256").asText());
        checked++;
      }
    }
    softly.assertAll();
    assertThat(checked).isEqualTo(14 * 7);
  }

  @Test
  void sixteenBitGreyKeepsItsHighByteUnlessPillowsRuleIsAskedFor() {
    byte[] file = TestFiles.resource("09_grey16_120x80.png");
    assertThat(TestFiles.sha256(Images.read(file, "grey", ReadOptions.DEFAULT).rgb()))
        .isEqualTo("e59902c9f9bc0fe5f26849fca6a9dba720ff612f5deeac531f7115f4c67b09c8");
    assertThat(TestFiles.sha256(Images.read(file, "grey", ReadOptions.LIKE_PILLOW).rgb()))
        .isEqualTo("7ce2b125d99db9c2fb0b15a977979c8ab5664f2a8023548c01910bf7f50d04f9");
  }

  @Test
  void resizedSizesFollowTorchvision() {
    for (String[] row : TestFiles.table("sizes.tsv")) {
      int[] n = Arrays.stream(row).mapToInt(Integer::parseInt).toArray();
      var preset = new Preset(n[2], 224, Resampling.BILINEAR, Normalization.IMAGENET);
      assertThat(List.of(preset.resized(n[0], n[1]), preset.resized(n[1], n[0])))
          .as("%dx%d to %d", n[0], n[1], n[2])
          .containsExactly(n[3], n[4]);
    }
  }

  @Test
  void centreCropsFollowTorchvision() {
    for (String[] row : TestFiles.table("crops.tsv")) {
      int[] n = Arrays.stream(row).mapToInt(Integer::parseInt).toArray();
      var preset =
          new Preset(Math.min(n[0], n[1]), n[2], Resampling.BILINEAR, Normalization.IMAGENET);
      RgbImage cropped = preset.cropped(coordinates(n[0], n[1]));
      String what = Arrays.toString(n);
      assertThat(cropped.pixel(n[3], n[4])).as(what).isEqualTo(n[5] << 16 | n[6] << 8 | 1);
      int valid = 0;
      for (int i = 2; i < cropped.rgb().length; i += 3) {
        valid += cropped.rgb()[i];
      }
      assertThat(valid).as(what).isEqualTo(n[7] * n[8]);
      assertThat(cropped.pixel(n[3] + n[7] - 1, n[4] + n[8] - 1) & 1).as(what).isEqualTo(1);
    }
  }

  @Test
  void channelsLastHoldsTheSameNumbersAsPlanes() {
    RgbImage image = TestFiles.image("rgb_37x23.png");
    float[] planes = VIT.planes(image);
    var batch = new float[VIT.length() + 7];
    VIT.writeTo(image, batch, 7);
    int area = 224 * 224;
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < 3; c++) {
        assertThat(batch[7 + 3 * i + c]).isEqualTo(planes[c * area + i]);
      }
    }
    assertThat(Arrays.copyOf(batch, 7)).containsOnly(0f);
  }

  @Test
  void aBatchIsATensorOfAllPhotos() {
    RgbImage first = TestFiles.image("rgb_37x23.png");
    RgbImage second = TestFiles.image("noise_16x19.png");
    Tensor batch = VIT.batch(List.of(first, second));
    assertThat(batch.shape()).isEqualTo(Shape.of(2, 3, 224, 224));
    float[] expected = Arrays.copyOf(VIT.planes(first), 2 * VIT.length());
    System.arraycopy(VIT.planes(second), 0, expected, VIT.length(), VIT.length());
    assertThat(batch.toFloats()).isEqualTo(expected);
    assertThat(batch.layout().isChannelsLast(batch.shape())).isTrue();
  }

  @Test
  void saysWhatDoesNotFit() {
    RgbImage image = TestFiles.image("rgb_37x23.png");
    assertThatThrownBy(() -> VIT.normalize(image, new float[VIT.length()], 0))
        .hasMessageContaining("224x224")
        .hasMessageContaining("37x23");
    assertThatThrownBy(() -> VIT.writeTo(image, new float[VIT.length()], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    var thread = RgbImage.of(1, 9_000_000, new byte[27_000_000]);
    assertThatThrownBy(() -> VIT.cropped(thread))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("elongated");
    assertThatThrownBy(() -> new Normalization(List.of(0.5, 0.5, 0.5), List.of(1.0, 0.0, 1.0)))
        .hasMessageContaining("above 0");
  }

  @Test
  void anotherInputSizeKeepsTheProportion() {
    assertThat(VIT.withCrop(112))
        .isEqualTo(new Preset(128, 112, VIT.resampling(), VIT.normalization()));
  }

  /** Column in red, row in green, both modulo 256; blue is 1 to tell the image from padding. */
  private static RgbImage coordinates(int width, int height) {
    var rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (i % width);
      rgb[3 * i + 1] = (byte) (i / width);
      rgb[3 * i + 2] = 1;
    }
    return RgbImage.of(width, height, rgb);
  }

  private static Preset preset(JsonNode node) {
    return new Preset(
        node.get("resize_size").asInt(),
        node.get("crop_size").asInt(),
        Resampling.valueOf(node.get("interpolation").asText().toUpperCase(Locale.ROOT)),
        new Normalization(decimals(node.get("mean")), decimals(node.get("std"))));
  }

  private static List<Double> decimals(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  private static List<Double> decimals(String list) {
    return Arrays.stream(list.split(",")).map(Double::valueOf).toList();
  }
}
