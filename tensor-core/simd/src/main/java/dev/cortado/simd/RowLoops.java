package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The loops of softmax and of attention between its products, each with what brings it to full
 * speed. They are generated, with all functions written out, because the JIT compiler must not
 * leave a call in them; see {@link FunctionCode}.
 */
final class RowLoops {
  private static final int ROWS = 8;
  private static final int COLUMNS = 4 * Lanes.COUNT - 1;
  private static final int STEP = 4 * Lanes.COUNT;
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, FLOATS, CD_int, CD_int, FLOATS, CD_int, CD_int, CD_int, CD_int, FLOATS, FLOATS,
          CD_float, CD_float);

  // Slots of the parameters.
  private static final int X = 1;
  private static final int X_AT = 2;
  private static final int X_STEP = 3;
  private static final int Y = 4;
  private static final int Y_AT = 5;
  private static final int Y_STEP = 6;
  private static final int ROW_COUNT = 7;
  private static final int COLUMN_COUNT = 8;
  private static final int A = 9;
  private static final int B = 10;
  private static final int C = 11;
  private static final int D = 12;

  /** {@code a[row] = max(a[row], x)}; what is not a number is passed over. */
  static final RowLoops LARGEST = new RowLoops(4, RowLoops::largest);

  /**
   * Softmax, but for the first row's maximum, which must be in {@code a[0]}, and the last row's
   * division: {@code y = e^(x − a[row])}, {@code b[row] = 1 / Σ y}, {@code a[row + 1] = max x} of
   * the next row, and {@code y · b[row − 1]} for the row before. So none of the three waits for
   * another, nor computing for memory. Arrays a and b have an element for one row more.
   */
  static final RowLoops SOFTMAX = new RowLoops(28, RowLoops::softmax);

  /** {@code y = e^(x − a[row])} and {@code b[row] += Σ y}; exponents must not be positive. */
  static final RowLoops EXPONENTIALS = new RowLoops(20, code -> powers(code, false));

  /** {@code y = 2^(c·(x − a[row]))} and {@code b[row] += Σ y}; exponents must not exceed 128. */
  static final RowLoops POWERS = new RowLoops(20, code -> powers(code, true));

  /** {@code y = a[row] · x}. */
  static final RowLoops PRODUCTS = new RowLoops(3, RowLoops::products);

  /** {@code y = x − a[row] − b[row]}. */
  static final RowLoops DIFFERENCES = new RowLoops(4, RowLoops::differences);

  /**
   * {@code x = 2^(c·x + a[column])} and {@code y = d · x · (y − b[column])}: attention's weights of
   * its scores, and gradients by the scores of gradients by the weights. All columns up to the next
   * whole vector are computed.
   */
  static final RowLoops WEIGHTS = new RowLoops(26, RowLoops::weights);

  private final int operations;
  private final RowLoop loop;
  private final WarmUp warmUp;

  private RowLoops(int operations, Consumer<VectorCode> body) {
    this.operations = operations;
    this.loop = VectorCode.compile(RowLoop.class, RUN, body);
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
                loop.run(x, 0, STEP, x, 0, STEP, rows, COLUMNS, x, x, 0, 0);
              }
            },
            ROWS * STEP / Lanes.COUNT * operations,
            ROWS * STEP);
  }

  /** Runs the loop; see {@link RowLoop#run}. */
  void run(
      float[] x,
      int at,
      int step,
      float[] y,
      int yAt,
      int yStep,
      int rows,
      int columns,
      float[] a,
      float[] b,
      float c,
      float d) {
    warmUp.before((long) rows * Math.ceilDiv(columns, Lanes.COUNT) * operations);
    loop.run(x, at, step, y, yAt, yStep, rows, columns, a, b, c, d);
  }

  /** What is emitted once for whole vectors and once for the rest of a row. */
  private interface Step {
    /**
     * Emits it.
     *
     * @param x index in the first table
     * @param y index in the second
     * @param mask the lanes there are, or -1 for all
     */
    void emit(int x, int y, int mask);
  }

  /** Writes a loop over rows, and in each over its columns. */
  private record Rows(VectorCode code, FunctionCode f, int whole, int rest, int x, int y) {
    static Rows of(VectorCode code) {
      var f = code.functions();
      int whole = code.wholeVectors(COLUMN_COUNT);
      int rest = f.firstLanes(code.difference(COLUMN_COUNT, whole));
      return new Rows(code, f, whole, rest, code.copy(X_AT), code.copy(Y_AT));
    }

    /** Emits {@code body} for each row. */
    void each(IntConsumer body) {
      code.loop(
          ROW_COUNT,
          1,
          row -> {
            body.accept(row);
            code.add(x, X_STEP);
            code.add(y, Y_STEP);
          });
    }

    /** Emits {@code step} for each vector of a row. */
    void columns(Step step) {
      code.loop(whole, Lanes.COUNT, i -> step.emit(code.sum(x, i), code.sum(y, i), -1));
      code.ifLess(
          whole,
          COLUMN_COUNT,
          () -> {
            int i = code.sum(x, whole);
            int j = code.sum(y, whole);
            code.masked(rest, () -> step.emit(i, j, rest));
          });
    }

    /** Returns a vector of the row's number in an array. */
    int number(int array, int row) {
      return code.broadcast(code.scalar(array, row));
    }
  }

  private static void largest(VectorCode code) {
    var rows = Rows.of(code);
    var f = rows.f();
    rows.each(
        row -> {
          int most = f.number(Float.NEGATIVE_INFINITY).set();
          rows.columns(
              (at, yAt, mask) -> {
                int x = code.load(X, at);
                if (mask >= 0) { // what lies behind the row was loaded as 0
                  f.number(Float.NEGATIVE_INFINITY).get(x).get(mask).blend().set(x);
                }
                f.get(most).get(x).compare(x, "GT", most).blend().set(most);
              });
          code.raiseScalar(A, row, () -> f.get(most).largestLane());
        });
  }

  private static void powers(VectorCode code, boolean ofTwo) {
    var rows = Rows.of(code);
    var f = rows.f();
    int factor = ofTwo ? code.broadcast(C) : -1;
    rows.each(
        row -> {
          int largest = rows.number(A, row);
          int sum = f.number(0).set();
          rows.columns(
              (at, yAt, mask) -> {
                f.get(code.load(X, at)).get(largest).sub();
                if (ofTwo) {
                  f.get(factor).mul();
                }
                int exponent = f.set();
                int power = (ofTwo ? f.exp2UpTo128(exponent) : f.expOfNegative(exponent)).set();
                code.store(power, Y, yAt);
                if (mask >= 0) {
                  f.number(0).get(power).get(mask).blend().set(power);
                }
                f.get(sum).get(power).add().set(sum);
              });
          code.addScalar(B, row, () -> f.get(sum).sumOfLanes());
        });
  }

  private static void softmax(VectorCode code) {
    var rows = Rows.of(code);
    var f = rows.f();
    int before = code.copy(Y_AT);
    int rowBefore = code.number(0);
    rows.each(
        row -> {
          // Of the last row's successor nothing is wanted: it stands in for it.
          int after = code.copy(row);
          code.increment(after, 1);
          int ahead = code.copy(rows.x());
          code.ifLess(after, ROW_COUNT, () -> code.add(ahead, X_STEP));
          int largest = rows.number(A, row);
          int factor = rows.number(B, rowBefore);
          int sum = f.number(0).set();
          int most = f.number(Float.NEGATIVE_INFINITY).set();
          code.loop(
              rows.whole(),
              Lanes.COUNT,
              i -> softmax(rows, i, -1, before, ahead, factor, largest, sum, most));
          code.ifLess(
              rows.whole(),
              COLUMN_COUNT,
              () ->
                  code.masked(
                      rows.rest(),
                      () ->
                          softmax(
                              rows,
                              rows.whole(),
                              rows.rest(),
                              before,
                              ahead,
                              factor,
                              largest,
                              sum,
                              most)));
          code.storeScalar(
              B,
              row,
              () -> {
                f.get(sum).sumOfLanes();
                f.inverse();
              });
          code.storeScalar(A, after, () -> f.get(most).largestLane());
          code.set(before, rows.y());
          code.set(rowBefore, row);
        });
  }

  /** One vector of three rows: of the row before, then, for it may be the same, of this one. */
  private static void softmax(
      Rows rows,
      int i,
      int mask,
      int before,
      int ahead,
      int factor,
      int largest,
      int sum,
      int most) {
    var code = rows.code();
    var f = rows.f();
    int done = code.sum(before, i);
    code.store(f.get(code.load(Y, done)).get(factor).mul().set(), Y, done);
    f.get(code.load(X, code.sum(rows.x(), i))).get(largest).sub();
    int power = f.expOfNegative(f.set()).set();
    code.store(power, Y, code.sum(rows.y(), i));
    int next = code.load(X, code.sum(ahead, i));
    if (mask >= 0) {
      f.number(0).get(power).get(mask).blend().set(power);
      f.number(Float.NEGATIVE_INFINITY).get(next).get(mask).blend().set(next);
    }
    f.get(sum).get(power).add().set(sum);
    f.get(most).get(next).compare(next, "GT", most).blend().set(most);
  }

  private static void products(VectorCode code) {
    var rows = Rows.of(code);
    rows.each(
        row -> {
          int factor = rows.number(A, row);
          rows.columns(
              (at, yAt, mask) ->
                  code.store(rows.f().get(code.load(X, at)).get(factor).mul().set(), Y, yAt));
        });
  }

  private static void differences(VectorCode code) {
    var rows = Rows.of(code);
    rows.each(
        row -> {
          int a = rows.number(A, row);
          int b = rows.number(B, row);
          rows.columns(
              (at, yAt, mask) -> {
                var f = rows.f().get(code.load(X, at)).get(a).sub().get(b).sub();
                code.store(f.set(), Y, yAt);
              });
        });
  }

  private static void weights(VectorCode code) {
    var f = code.functions();
    int factor = code.broadcast(C);
    int other = code.broadcast(D);
    int at = code.copy(X_AT);
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
          code.add(at, X_STEP);
          code.add(yAt, Y_STEP);
        });
  }
}
