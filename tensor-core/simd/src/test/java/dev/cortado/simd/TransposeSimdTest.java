package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies between layouts, on sides around the borders of tiles and blocks. */
class TransposeSimdTest {
  @ParameterizedTest
  @CsvSource({
    "1, 32, 32",
    "1, 33, 31",
    "3, 7, 200",
    "2, 200, 7",
    "1, 2, 600",
    "2, 65, 129",
    "4, 96, 196",
    "1, 8, 128",
    "1, 1024, 1",
    "2, 71, 72",
    "2, 40, 1500",
    "1, 1030, 1041"
  })
  void movesEveryElement(int n, int rows, int columns) {
    var x = Tensor.arange(n * rows * columns + 5).narrow(0, 5, n * rows * columns);
    var matrices = x.reshape(n, rows, columns);
    float[] moved = matrices.t().contiguous().toFloats();
    for (int i = 0; i < moved.length; i++) {
      int matrix = i / (rows * columns);
      int row = i % rows;
      int column = i / rows % columns;
      float expected = 5 + (matrix * rows + row) * columns + column;
      assertThat(moved[i]).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 40, 40", "2, 24, 9, 31", "3, 17, 16, 5", "2, 96, 14, 14"})
  void imagesGoToChannelsLastAndBack(int n, int channels, int height, int width) {
    var x = Tensor.arange(n * channels * height * width).reshape(n, channels, height, width);
    var last = x.channelsLast();
    assertThat(last.layout().isChannelsLast(last.shape())).isTrue();
    float[] pixels = last.permute(0, 2, 3, 1).toFloats();
    assertThat(pixels[1]).isEqualTo((float) height * width);
    assertThat(last.contiguous().toFloats()).isEqualTo(x.toFloats());
    var cut = last.narrow(2, 1, height - 2).narrow(1, 1, channels - 1);
    var expected = x.narrow(2, 1, height - 2).narrow(1, 1, channels - 1);
    assertThat(cut.toFloats()).isEqualTo(expected.toFloats());
  }
}
