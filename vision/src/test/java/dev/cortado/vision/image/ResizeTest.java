package dev.cortado.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
  static Stream<List<String>> resizes() {
    return TestFiles.table("resizes.tsv").stream().map(List::of);
  }

  @ParameterizedTest
  @MethodSource("resizes")
  void givesTheSameBitsAsPillow(List<String> row) {
    RgbImage source = TestFiles.image(row.get(0) + ".png");
    var filter = Resampling.valueOf(row.get(3).toUpperCase(Locale.ROOT));
    RgbImage resized =
        Resize.resize(source, Integer.parseInt(row.get(1)), Integer.parseInt(row.get(2)), filter);
    assertThat(TestFiles.sha256(resized.rgb())).isEqualTo(row.get(4));
  }

  @ParameterizedTest
  @EnumSource(Resampling.class)
  void aUniformImageStaysUniform(Resampling filter) {
    for (int value : new int[] {0, 1, 127, 254, 255}) {
      var samples = new byte[3 * 41 * 13];
      java.util.Arrays.fill(samples, (byte) value);
      RgbImage resized = Resize.resize(RgbImage.of(41, 13, samples), 17, 55, filter);
      assertThat(resized.rgb()).containsOnly((byte) value);
    }
  }

  @Test
  void anImageOfTheRightSizeIsReturnedAsItIs() {
    RgbImage source = TestFiles.image("rgb_37x23.png");
    assertThat(Resize.resize(source, 37, 23, Resampling.LANCZOS)).isSameAs(source);
  }

  @Test
  void refusesImpossibleSizesAndRegions() {
    RgbImage source = TestFiles.image("rgb_37x23.png");
    assertThatThrownBy(() -> Resize.resize(source, 0, 5, Resampling.BOX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x5");
    var outside = new Resize.Region(3, 0, 8, 5);
    assertThatThrownBy(() -> Resize.resize(source, 10, 5, Resampling.BOX, outside))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not inside 10x5");
  }

  @Test
  void refusesReductionsBeyondTheRangeOfItsIntegers() {
    var wide = RgbImage.of(2_000_000, 1, new byte[6_000_000]);
    assertThatThrownBy(() -> Resize.resize(wide, 1, 1, Resampling.LANCZOS))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("2000000");
  }
}
