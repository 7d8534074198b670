package dev.cortado.simd;

/**
 * The {@link DepthwiseSums} for all stencils and channels, which serves until the one compiled for
 * them is fast: sum by sum, with the same products in the same order.
 */
final class CommonSums implements DepthwiseSums {
  private final Key key;
  private final int[][] inputs;
  private final int[][] pixels;

  CommonSums(Key key) {
    this.key = key;
    int weights = key.stencil().weights();
    this.inputs = new int[weights][];
    this.pixels = new int[weights][];
    for (int v = 0; v < weights; v++) {
      int weight = v;
      var taps = key.stencil().taps().stream().filter(t -> t.weight() == weight).toList();
      inputs[v] = taps.stream().mapToInt(t -> t.input() * key.n()).toArray();
      pixels[v] = taps.stream().mapToInt(t -> t.pixel() * key.n()).toArray();
    }
  }

  @Override
  public void run(
      float[] x,
      int xAt,
      int pitch,
      int xRow,
      float[] dy,
      int dyAt,
      int dyRow,
      float[] sums,
      int sumsAt,
      int sumPitch,
      int rows,
      int tiles,
      int tileStep,
      int channels) {
    int step = key.stencil().pixels() * key.n();
    for (int v = 0; v < inputs.length; v++) {
      var taps = new CommonTaps(inputs[v], pixels[v], rows, xRow, dyRow, tiles, tileStep, step);
      for (int u = 0; u < key.kernelRows(); u++) {
        int at = sumsAt + u * sumPitch + v * key.n();
        taps.sum(x, xAt + u * pitch, dy, dyAt, sums, at, channels, key.masked());
      }
    }
  }
}
