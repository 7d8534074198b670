package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/** The loops between the products of attention, each with what brings it to full speed. */
final class ScoreLoops {
  private static final int ROWS = 8;
  private static final int COLUMNS = 4 * Lanes.COUNT - 1;
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, FLOATS, FLOATS, CD_int, CD_int, CD_int, CD_int, FLOATS, FLOATS, CD_float,
          CD_float);

  // Slots of the parameters.
  private static final int X = 1;
  private static final int Y = 2;
  private static final int AT = 3;
  private static final int Y_AT = 4;
  private static final int ROW_COUNT = 5;
  private static final int COLUMN_COUNT = 6;
  private static final int A = 7;
  private static final int B = 8;
  private static final int C = 9;
  private static final int D = 10;

  /** {@code a[row] = max(a[row], x)}; what is not a number is passed over. */
  static final ScoreLoops LARGEST = new ScoreLoops(4, ScoreLoops::largest);

  /** {@code x = 2^(c·(x − a[row]))} and {@code b[row] += Σ x}; exponents must not exceed 128. */
  static final ScoreLoops POWERS = new ScoreLoops(20, ScoreLoops::powers);

  /**
   * {@code x = 2^(c·x + a[column])} and {@code y = d · x · (y − b[column])}: weights of scores, and
   * gradients by the scores of gradients by the weights. What fills up the rows is computed, too.
   */
  static final ScoreLoops GRADIENTS = new ScoreLoops(26, ScoreLoops::gradients);

  private final int operations;
  private final ScoreLoop loop;
  private final WarmUp warmUp;

  private ScoreLoops(int operations, Consumer<VectorCode> body) {
    this.operations = operations;
    this.loop = VectorCode.compile(ScoreLoop.class, RUN, body);
    this.warmUp =
        new WarmUp(
            new WarmUp.Loop() {
              @Override
              public void work(float[] scratch) {
                run(scratch, ROWS);
              }

              @Override
              public void nothing(float[] scratch) {
                run(scratch, 0);
              }

              @Override
              public void little(float[] scratch) {
                run(scratch, 2);
              }

              private void run(float[] x, int rows) {
                loop.run(x, x, 0, 0, rows, COLUMNS, x, x, 0, 0);
              }
            },
            ROWS * COLUMNS / Lanes.COUNT * operations,
            ROWS * Tile.ROW_STRIDE);
  }

  /** Runs the loop; see {@link ScoreLoop#run}. */
  void run(
      float[] x,
      float[] y,
      int at,
      int yAt,
      int rows,
      int columns,
      float[] a,
      float[] b,
      float c,
      float d) {
    warmUp.before((long) rows * columns / Lanes.COUNT * operations);
    loop.run(x, y, at, yAt, rows, columns, a, b, c, d);
  }

  private static void largest(VectorCode code) {
    var f = code.functions();
    int whole = code.wholeVectors(COLUMN_COUNT);
    int mask = f.firstLanes(code.difference(COLUMN_COUNT, whole));
    int at = code.copy(AT);
    code.loop(
        ROW_COUNT,
        1,
        row -> {
          int most = f.number(Float.NEGATIVE_INFINITY).set();
          code.loop(
              whole,
              Lanes.COUNT,
              i -> {
                int x = code.load(X, code.sum(at, i));
                f.get(most).get(x).compare(x, "GT", most).blend().set(most);
              });
          code.ifLess(
              whole,
              COLUMN_COUNT,
              () -> {
                int x = code.load(X, code.sum(at, whole));
                f.number(Float.NEGATIVE_INFINITY).get(x).get(mask).blend();
                int rest = f.set();
                f.get(most).get(rest).compare(rest, "GT", most).blend().set(most);
              });
          code.raiseScalar(A, row, () -> f.get(most).largestLane());
          code.shift(at, Tile.ROW_STRIDE);
        });
  }

  private static void powers(VectorCode code) {
    var f = code.functions();
    int whole = code.wholeVectors(COLUMN_COUNT);
    int mask = f.firstLanes(code.difference(COLUMN_COUNT, whole));
    int factor = code.broadcast(C);
    int at = code.copy(AT);
    code.loop(
        ROW_COUNT,
        1,
        row -> {
          int largest = code.broadcast(code.scalar(A, row));
          int sum = f.number(0).set();
          code.loop(
              whole,
              Lanes.COUNT,
              i -> {
                int place = code.sum(at, i);
                f.get(code.load(X, place)).get(largest).sub().get(factor).mul();
                int power = f.exp2UpTo128(f.set()).set();
                code.store(power, X, place);
                f.get(sum).get(power).add().set(sum);
              });
          code.ifLess(
              whole,
              COLUMN_COUNT,
              () -> {
                int place = code.sum(at, whole);
                f.get(code.load(X, place)).get(largest).sub().get(factor).mul();
                int exponent = f.set();
                int power = f.number(0).exp2UpTo128(exponent).get(mask).blend().set();
                code.store(power, X, place);
                f.get(sum).get(power).add().set(sum);
              });
          code.addScalar(B, row, () -> f.get(sum).sumOfLanes());
          code.shift(at, Tile.ROW_STRIDE);
        });
  }

  private static void gradients(VectorCode code) {
    var f = code.functions();
    int factor = code.broadcast(C);
    int other = code.broadcast(D);
    int at = code.copy(AT);
    int yAt = code.copy(Y_AT);
    code.loop(
        ROW_COUNT,
        1,
        row -> {
          code.loop(
              COLUMN_COUNT,
              Lanes.COUNT,
              i -> {
                int place = code.sum(at, i);
                f.get(code.load(X, place)).get(factor).get(code.load(A, i)).fma();
                int weight = f.exp2(f.set()).set();
                code.store(weight, X, place);
                int yPlace = code.sum(yAt, i);
                f.get(code.load(Y, yPlace)).get(code.load(B, i)).sub();
                f.get(weight).get(other).mul().mul();
                code.store(f.set(), Y, yPlace);
              });
          code.shift(at, Tile.ROW_STRIDE);
          code.shift(yAt, Tile.ROW_STRIDE);
        });
  }
}
