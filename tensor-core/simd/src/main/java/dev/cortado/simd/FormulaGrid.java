package dev.cortado.simd;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.op.ViewOp;
import java.util.List;

/**
 * The common walk over the outputs and inputs of an elementwise formula, cut into blocks. Every
 * tensor moves by 1 or 0 within a row; inputs for which that is not so are copied first.
 */
final class FormulaGrid {
  /**
   * Elements per call of a loop: so few that a new loop is hot, and compiled, after some
   * milliseconds.
   */
  static final int BLOCK = 4096;

  /** Elements per chunk of parallel work. */
  static final int CHUNK = 8 * BLOCK;

  /** Rows shorter than this are joined, so that vectors are full and loops are long. */
  private static final int SHORT_ROW = 512;

  private final float[][] in;
  private final float[][] out;
  private final Walk walk;
  private final int columns;
  private final int rows;
  private final int outer;

  private FormulaGrid(float[][] in, float[][] out, Walk walk) {
    this.in = in;
    this.out = out;
    this.walk = walk;
    this.columns = walk.length();
    this.rows = walk.rank() > 1 ? walk.size(walk.rank() - 2) : 1;
    this.outer = walk.rows() / rows;
  }

  /**
   * Returns the grid of {@code outputs}, which have one shape and one layout, and of inputs that
   * broadcast to them.
   */
  static FormulaGrid of(List<Tensor> inputs, List<Tensor> outputs) {
    Shape shape = outputs.getFirst().shape();
    var layouts = new Layout[outputs.size() + inputs.size()];
    float[][] out = new float[outputs.size()][];
    for (int k = 0; k < out.length; k++) {
      layouts[k] = outputs.get(k).layout();
      out[k] = outputs.get(k).host().floats();
    }
    float[][] in = new float[inputs.size()][];
    for (int k = 0; k < in.length; k++) {
      in[k] = inputs.get(k).host().floats();
      layouts[out.length + k] = expanded(inputs.get(k), shape);
    }
    var walk = Walk.of(shape, layouts);
    for (int k = 0; k < in.length; k++) {
      int stride = walk.innerStride(out.length + k);
      if (stride != 0 && stride != 1) {
        var copy = inOrderOf(inputs.get(k), layouts[0], shape);
        in[k] = copy.host().floats();
        layouts[out.length + k] = expanded(copy, shape);
      }
    }
    return new FormulaGrid(in, out, Walk.of(shape, layouts));
  }

  private static Layout expanded(Tensor x, Shape shape) {
    return new ViewOp.Expand(shape).resultLayout(x.shape(), x.layout());
  }

  /** Returns a copy of {@code x} whose axes lie in memory in the order of {@code layout}. */
  static Tensor inOrderOf(Tensor x, Layout layout, Shape shape) {
    int missing = shape.rank() - x.rank();
    int[] strides = new int[x.rank()];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = layout.stride(i + missing);
    }
    return Copy.dense(x.detach(), Layout.of(0, strides).denseLike(x.shape()));
  }

  /** Returns for each input whether it moves with the column. */
  boolean[] streams() {
    boolean[] streams = new boolean[in.length];
    for (int k = 0; k < in.length; k++) {
      streams[k] = streams(k);
    }
    return streams;
  }

  private boolean streams(int input) {
    return walk.innerStride(out.length + input) == 1;
  }

  /** Calls {@code body} for blocks that cover everything once, spread over the cores. */
  void forEachBlock(Block.Body body) {
    if (columns > BLOCK) {
      int pieces = (columns + BLOCK - 1) / BLOCK;
      Parallel.ranges(
          walk.rows() * pieces, CHUNK / BLOCK, (from, to) -> pieces(body, pieces, from, to));
      return;
    }
    int fold = fold();
    int chunkRows = Math.max(fold, CHUNK / columns / fold * fold);
    int chunks = (rows + chunkRows - 1) / chunkRows;
    if (chunks == 1) {
      Parallel.ranges(
          outer,
          Math.max(1, chunkRows / rows),
          (from, to) -> {
            for (int o = from; o < to; o++) {
              rows(body, o, 0, rows, fold);
            }
          });
    } else {
      Parallel.run(
          outer * chunks,
          chunk -> {
            int first = chunk % chunks * chunkRows;
            rows(body, chunk / chunks, first, Math.min(rows, first + chunkRows), fold);
          });
    }
  }

  /** Long rows in pieces. */
  private void pieces(Block.Body body, int pieces, int from, int to) {
    for (int piece = from; piece < to; piece++) {
      int column = piece % pieces * BLOCK;
      var block = block(piece / pieces);
      for (int k = 0; k < out.length; k++) {
        block.outAt[k] += column;
      }
      for (int k = 0; k < in.length; k++) {
        block.inAt[k] += streams(k) ? column : 0;
      }
      body.accept(block, 1, Math.min(BLOCK, columns - column));
    }
  }

  /** Rows first … last-1 below outer index {@code o}; {@code fold} rows are treated as one. */
  private void rows(Block.Body body, int o, int first, int last, int fold) {
    var block = block(o * rows + first);
    int count = last - first;
    if (fold > 1) {
      block = foldRows(block, streams(), columns, fold);
      int folded = count / fold;
      blocks(body, block, folded, columns * fold);
      int rest = count - folded * fold;
      if (rest > 0) {
        body.accept(block, 1, columns * rest);
      }
      return;
    }
    blocks(body, block, count, columns);
  }

  private static void blocks(Block.Body body, Block block, int rows, int columns) {
    int blockRows = Math.max(1, BLOCK / columns);
    for (int row = 0; row < rows; row += blockRows) {
      int count = Math.min(blockRows, rows - row);
      body.accept(block, count, columns);
      block.advance(count);
    }
  }

  private Block block(int row) {
    int[] at = new int[out.length + in.length];
    walk.offsets(row, at);
    var block = new Block(in, out);
    for (int k = 0; k < out.length; k++) {
      block.outAt[k] = at[k];
      block.outStep[k] = rowStep(k);
    }
    for (int k = 0; k < in.length; k++) {
      block.inAt[k] = at[out.length + k];
      block.inStep[k] = rowStep(out.length + k);
    }
    return block;
  }

  private int rowStep(int k) {
    return walk.rank() > 1 ? walk.stride(walk.rank() - 2, k) : 0;
  }

  /**
   * Returns how many rows make one: more than 1 if they are short, and each tensor continues or
   * repeats.
   */
  private int fold() {
    if (columns >= SHORT_ROW || rows == 1) {
      return 1;
    }
    for (int k = 0; k < out.length; k++) {
      if (rowStep(k) != columns) {
        return 1;
      }
    }
    for (int k = 0; k < in.length; k++) {
      int step = rowStep(out.length + k);
      if (step != 0 && !(streams(k) && step == columns)) {
        return 1;
      }
    }
    return Math.min(rows, foldOf(columns));
  }

  /**
   * Returns the block of which each row is {@code fold} rows; what repeats from row to row is
   * repeated in scratch arrays.
   */
  static Block foldRows(Block block, boolean[] streams, int columns, int fold) {
    var folded = new Block(block.in.clone(), block.out);
    System.arraycopy(block.inAt, 0, folded.inAt, 0, block.in.length);
    repeatRows(folded, streams, block.inStep, columns, fold);
    for (int k = 0; k < block.in.length; k++) {
      folded.inStep[k] = block.inStep[k] * fold;
    }
    for (int k = 0; k < block.out.length; k++) {
      folded.outAt[k] = block.outAt[k];
      folded.outStep[k] = block.outStep[k] * fold;
    }
    return folded;
  }

  /** Returns how many rows of {@code columns} elements make a long one that fills its vectors. */
  static int foldOf(int columns) {
    if (columns >= SHORT_ROW) {
      return 1;
    }
    int unit = Lanes.COUNT / gcd(columns, Lanes.COUNT);
    return Math.max(1, SHORT_ROW / columns / unit) * unit;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * Replaces the inputs of {@code block} that stream but stay where they are from row to row by
   * {@code fold} copies of their row in the thread's scratch array.
   */
  static void repeatRows(Block block, boolean[] streams, int[] steps, int columns, int fold) {
    int width = columns * fold;
    float[] scratch = Workspace.current().floats(Workspace.REPEATED, streams.length * width);
    for (int k = 0; k < streams.length; k++) {
      if (streams[k] && steps[k] == 0) {
        for (int i = 0; i < fold; i++) {
          System.arraycopy(block.in[k], block.inAt[k], scratch, k * width + i * columns, columns);
        }
        block.in[k] = scratch;
        block.inAt[k] = k * width;
      }
    }
  }
}
