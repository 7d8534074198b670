package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes square tiles of as many rows as a vector has lanes, in registers: halves of rows
 * change places, then quarters, and so on (Eklundh 1972). Compiled, because the number of rows is
 * the number of lanes. In the first-level cache 50 GB/s, where moving element by element reaches
 * 20.
 */
interface TransposeLoop {
  /** What lies d lanes further comes here: the operand of a vector's lower partners ... */
  VectorShuffle<Float> UP_1 = rotation(1);

  VectorShuffle<Float> UP_2 = rotation(2);
  VectorShuffle<Float> UP_4 = rotation(4);
  VectorShuffle<Float> UP_8 = rotation(8);

  /** ... and of the upper ones. */
  VectorShuffle<Float> DOWN_1 = rotation(-1);

  VectorShuffle<Float> DOWN_2 = rotation(-2);
  VectorShuffle<Float> DOWN_4 = rotation(-4);
  VectorShuffle<Float> DOWN_8 = rotation(-8);

  /** The lanes whose number contains d. */
  VectorMask<Float> UPPER_1 = upper(1);

  VectorMask<Float> UPPER_2 = upper(2);
  VectorMask<Float> UPPER_4 = upper(4);
  VectorMask<Float> UPPER_8 = upper(8);

  /** The loop. */
  TransposeLoop INSTANCE = compile();

  /** What brings it to full speed. */
  WarmUp WARM_UP = warmUp();

  /**
   * Transposes {@code tiles} tiles. They lie below each other in the source, whose rows are {@code
   * fromStep} apart, and beside each other in the target, whose rows are {@code toStep} apart.
   */
  void run(float[] from, int read, int fromStep, float[] to, int write, int toStep, int tiles);

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(Lanes.F32, i -> Math.floorMod(i + by, Lanes.COUNT));
  }

  private static VectorMask<Float> upper(int distance) {
    boolean[] lanes = new boolean[Lanes.COUNT];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (i & distance) != 0;
    }
    return VectorMask.fromArray(Lanes.F32, lanes, 0);
  }

  private static TransposeLoop compile() {
    var floats = CD_float.arrayType();
    var type = MethodTypeDesc.of(CD_void, floats, CD_int, CD_int, floats, CD_int, CD_int, CD_int);
    return VectorCode.compile(TransposeLoop.class, type, TransposeLoop::body);
  }

  private static void body(VectorCode code) {
    // Slots of the parameters, in their order.
    int from = 1;
    int read = code.copy(2);
    int fromStep = 3;
    int to = 4;
    int write = code.copy(5);
    int toStep = 6;
    int tiles = 7;
    code.loop(
        tiles,
        1,
        tile -> {
          int[] rows = new int[Lanes.COUNT];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = code.load(from, read);
            code.add(read, fromStep);
          }
          for (int d = Lanes.COUNT / 2; d > 0; d /= 2) {
            exchange(code, rows, d);
          }
          int at = code.copy(write);
          for (int row : rows) {
            code.store(row, to, at);
            code.add(at, toStep);
          }
          code.increment(write, Lanes.COUNT);
        });
  }

  /**
   * Of each two rows that are d apart, the upper lanes of the first and the lower ones of the
   * second change places.
   */
  private static void exchange(VectorCode code, int[] rows, int d) {
    var self = ClassDesc.of(TransposeLoop.class.getName());
    for (int i = 0; i < rows.length; i++) {
      if ((i & d) == 0) {
        int first = rows[i];
        int second = rows[i + d];
        int down = code.rearrange(second, self, "DOWN_" + d);
        int up = code.rearrange(first, self, "UP_" + d);
        rows[i] = code.blend(first, down, self, "UPPER_" + d);
        rows[i + d] = code.blend(up, second, self, "UPPER_" + d);
      }
    }
  }

  private static WarmUp warmUp() {
    int tiles = 2;
    int size = tiles * Lanes.COUNT * Lanes.COUNT;
    int stages = Integer.numberOfTrailingZeros(Lanes.COUNT);
    return new WarmUp(
        new CountedLoop(
            tiles, 0, (x, n) -> INSTANCE.run(x, 0, Lanes.COUNT, x, size, 2 * Lanes.COUNT, n)),
        tiles * Lanes.COUNT * (2 * stages + 2),
        2 * size);
  }
}
