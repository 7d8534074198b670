package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weight gradient of a depthwise convolution: for each tap and channel the sum of {@code x·dy}
 * over all pixels.
 *
 * <p>Small images are cut by channels, so that each sum is one thread's from beginning to end.
 * Large ones are read as they lie: their rows are cut into slabs of fixed size, each with sums of
 * its own, which are added up in slab order.
 */
final class DepthwiseWeightGradient {
  /** Multiply-adds per slab or part, at least. */
  private static final int CHUNK_WORK = 1 << 18;

  /** Pixels of an image that is cut by channels. */
  private static final int SMALL_IMAGE = 256;

  /** Floats of the input rows that are gone through at a time. */
  private static final int CLOSE = 1 << 15;

  private static final int MAX_SLABS = 32;

  /** Floats of all partial sums: a part of the second-level cache. */
  private static final int MAX_PARTIAL = 1 << 18;

  /** Parts into which the channels of small images are cut. */
  private static final int PARTS = 8;

  /** Partial sums added up per chunk. */
  private static final int SUMMED_CHUNK = 1 << 17;

  /** The loops of a row, for each number of kernel rows. */
  private record Loops(
      List<Slide.Piece> pieces, List<Tiers<List<DepthwiseSums>>> byRows, int taps) {
    private record Key(Slide across, int kernelRows, int n, boolean masked) {}

    private static final LoopCache<Key, Loops> ALL = new LoopCache<>(Loops::make);

    static Loops of(Slide across, int kernelRows, int n, boolean masked) {
      return ALL.get(new Key(across, kernelRows, n, masked));
    }

    private static Loops make(Key key) {
      var pieces = key.across.tiles(DepthwiseSums.pixels(key.kernelRows, key.across.kernel()));
      var byRows = new ArrayList<Tiers<List<DepthwiseSums>>>();
      for (int i = 1; i <= key.kernelRows; i++) {
        int rows = i;
        var keys =
            pieces.stream()
                .map(p -> new DepthwiseSums.Key(p.stencil(), rows, key.n, key.masked))
                .toList();
        List<DepthwiseSums> common = keys.stream().<DepthwiseSums>map(CommonSums::new).toList();
        byRows.add(new Tiers<>(common, CommonTaps.WARM_UP, () -> special(keys)));
      }
      int taps = pieces.stream().mapToInt(p -> p.tiles() * p.stencil().taps().size()).sum();
      return new Loops(pieces, byRows, taps);
    }

    private static Tiers.Special<List<DepthwiseSums>> special(List<DepthwiseSums.Key> keys) {
      return new Tiers.Special<>(
          keys.stream().map(DepthwiseSums::of).toList(),
          keys.stream().map(DepthwiseSums::warmUp).toList());
    }
  }

  private final Slide across;
  private final Slide.Reach[] reaches;
  private final int height;
  private final int inHeight;
  private final int taps;
  private final int n;
  private final int kernelRows;
  private final float[] x;
  private final int xAt;
  private final float[] dy;
  private final int dyAt;

  private DepthwiseWeightGradient(Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt) {
    var down = Slide.down(s);
    this.across = Slide.across(s);
    this.reaches = down.reaches();
    this.height = s.outHeight();
    this.inHeight = s.height();
    this.taps = s.taps();
    this.n = s.inChannels();
    this.kernelRows = DepthwiseSums.kernelRows(s.kernelHeight(), s.kernelWidth());
    this.x = x;
    this.xAt = xAt;
    this.dy = dy;
    this.dyAt = dyAt;
  }

  /** Computes {@code dw}; see {@link Conv2dKernels#weightGradient}. */
  static void run(Conv2dShape s, float[] x, int xAt, float[] dy, int dyAt, float[] dw, int dwAt) {
    new DepthwiseWeightGradient(s, x, xAt, dy, dyAt).run(s.n(), dw, dwAt);
  }

  private void run(int images, float[] dw, int dwAt) {
    int widest = Math.max(across.inputs(), across.outputs());
    int pixels = Math.max(inHeight, height) * widest;
    boolean small = pixels <= SMALL_IMAGE;
    long work = (long) images * height * across.outputs() * taps; // per channel
    int rows = small ? height : Math.clamp(CLOSE / (widest * n), 1, height);
    int block = small ? Math.max(Lanes.COUNT, CLOSE / pixels / Lanes.COUNT * Lanes.COUNT) : n;
    int bands = Math.ceilDiv(height, rows);
    int units = images * bands;
    int slabs = small ? 1 : slabs(Math.min(work * n / CHUNK_WORK, units));
    int vectors = Math.ceilDiv(n, Lanes.COUNT);
    int parts = small ? (int) Math.clamp(work * n / CHUNK_WORK, 1, Math.min(PARTS, vectors)) : 1;
    float[] partial = Workspace.current().floats(Workspace.PARTIAL, slabs * taps * n);
    Parallel.run(
        slabs * parts,
        chunk -> {
          int sums = chunk / parts * taps * n;
          int part = chunk % parts;
          int from = GemmPlan.cut(vectors, part, parts) * Lanes.COUNT;
          int to = Math.min(n, GemmPlan.cut(vectors, part + 1, parts) * Lanes.COUNT);
          for (int t = 0; t < taps; t++) {
            Arrays.fill(partial, sums + t * n + from, sums + t * n + to, 0f);
          }
          int first = GemmPlan.cut(units, chunk / parts, slabs);
          int last = GemmPlan.cut(units, chunk / parts + 1, slabs);
          for (int unit = first; unit < last; unit++) {
            int row = unit % bands * rows;
            for (int c = from; c < to; c += block) {
              int end = Math.min(height, row + rows);
              channels(unit / bands, row, end, c, Math.min(to, c + block), partial, sums);
            }
          }
          if (slabs == 1) {
            turn(partial, from, to, dw, dwAt);
          }
        });
    if (slabs > 1) {
      sum(partial, slabs, dw, dwAt);
    }
  }

  /** Returns how many slabs, {@code worth} at most: a number that cores can share evenly. */
  private int slabs(long worth) {
    int most = (int) Math.clamp(Math.min(worth, MAX_PARTIAL / (taps * n)), 1, MAX_SLABS);
    int cores = most < 8 ? 2 : 4;
    return Math.max(1, most / cores * cores);
  }

  /** Adds up the sums of all slabs. */
  private void sum(float[] partial, int slabs, float[] dw, int dwAt) {
    int chunk = Lanes.roundUp(Math.ceilDiv(SUMMED_CHUNK, slabs * taps), Lanes.COUNT);
    Parallel.ranges(
        n,
        chunk,
        (from, to) -> {
          for (int t = 0; t < taps; t++) {
            int row = t * n + from;
            Gemm.sumRow(partial, row, taps * n, slabs, to - from, partial, row, false);
          }
          turn(partial, from, to, dw, dwAt);
        });
  }

  /** Turns sums {@code [taps, channels]} of some channels into {@code [channels, taps]}. */
  private void turn(float[] sums, int from, int to, float[] dw, int dwAt) {
    int size = (to - from) * taps;
    // Packing writes past the end, where another thread's results are.
    float[] turned = Workspace.current().floats(Workspace.ROWS, size + Lanes.COUNT);
    Panels.pack(sums, from, 1, n, to - from, taps, taps, turned, 0);
    System.arraycopy(turned, 0, dw, dwAt + from * taps, size);
  }

  /** Adds channels {@code from … to-1} of output rows {@code first … end-1} of an image. */
  private void channels(int image, int first, int end, int from, int to, float[] sums, int sumsAt) {
    int whole = from + (to - from) / Lanes.COUNT * Lanes.COUNT;
    if (from < whole) {
      var loops = Loops.of(across, kernelRows, n, false);
      rows(loops, image, first, end, from, whole - from, sums, sumsAt);
    }
    if (whole < to) {
      var loops = Loops.of(across, kernelRows, n, true);
      rows(loops, image, first, end, whole, to - whole, sums, sumsAt);
    }
  }

  private void rows(
      Loops loops,
      int image,
      int first,
      int end,
      int channel,
      int channels,
      float[] sums,
      int sumsAt) {
    for (int row = first; row < end; ) {
      int last = row + 1;
      while (last < end && alike(reaches[last - 1], reaches[last], reaches[row])) {
        last++;
      }
      var reach = reaches[row];
      for (int u = 0; u < reach.count(); u += kernelRows) {
        int count = Math.min(kernelRows, reach.count() - u);
        int tap = (reach.tap() + u) * across.kernel() * n;
        int input = reach.input() + u * reach.inputStep();
        int next = last - row > 1 ? reaches[row + 1].input() - reach.input() : 0;
        sum(
            loops,
            count,
            xAt + (image * inHeight + input) * across.inputs() * n + channel,
            reach.inputStep() * across.inputs() * n,
            next * across.inputs() * n,
            dyAt + (image * height + row) * across.outputs() * n + channel,
            sums,
            sumsAt + tap + channel,
            last - row,
            channels);
      }
      row = last;
    }
  }

  /** Whether the same kernel rows reach a row as reach the one before. */
  private static boolean alike(Slide.Reach before, Slide.Reach reach, Slide.Reach first) {
    return reach.count() == first.count()
        && reach.tap() == first.tap()
        && before.tap() == first.tap();
  }

  private void sum(
      Loops loops,
      int kernelRows,
      int xFrom,
      int pitch,
      int xRow,
      int dyFrom,
      float[] sums,
      int sumsAt,
      int rows,
      int channels) {
    long operations = (long) loops.taps * kernelRows * rows * channels / Lanes.COUNT;
    var byPiece = loops.byRows.get(kernelRows - 1).get(operations);
    for (int i = 0; i < byPiece.size(); i++) {
      var piece = loops.pieces.get(i);
      byPiece
          .get(i)
          .run(
              x,
              xFrom + piece.input() * n,
              pitch,
              xRow,
              dy,
              dyFrom + piece.output() * n,
              across.outputs() * n,
              sums,
              sumsAt,
              across.kernel() * n,
              rows,
              piece.tiles(),
              piece.inputStep() * n,
              channels);
    }
  }
}
