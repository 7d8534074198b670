package dev.cortado.simd;

import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Conversions of floats to shorter elements that the compiler makes no vectors of. Each method does
 * whole vectors and returns where it has stopped.
 */
final class Narrow {
  private static final int BITS = Lanes.F32.vectorBitSize();
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, BITS / 2)));
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  private static final int OPERATIONS = 8;

  /** Whether a vector of results has as many lanes as one of floats: not if that is very short. */
  private static final boolean TRUTHS = BYTES.length() == Lanes.COUNT;

  private static final boolean HALVES = SHORTS.length() == Lanes.COUNT;

  /** What brings the loops to full speed. */
  static final List<WarmUp> WARM_UPS =
      List.of(
          warmUp((x, n) -> truthVectors(x, new byte[n], 0, TRUTHS ? n : 0)),
          warmUp((x, n) -> bf16Vectors(x, new short[n], 0, HALVES ? n : 0)));

  private Narrow() {}

  private static WarmUp warmUp(CountedLoop.Body body) {
    int all = 32 * Lanes.COUNT;
    return new WarmUp(
        new CountedLoop(all, 2 * Lanes.COUNT, body), 2 * all / Lanes.COUNT * OPERATIONS, all);
  }

  private static long operations(int first, int last) {
    return (long) (last - first) / Lanes.COUNT * OPERATIONS;
  }

  /** Writes 1 for what is not 0, and 0 for 0. */
  static int truths(float[] from, byte[] to, int first, int last) {
    if (!TRUTHS) {
      return first;
    }
    WARM_UPS.getFirst().before(operations(first, last));
    return truthVectors(from, to, first, last);
  }

  private static int truthVectors(float[] from, byte[] to, int first, int last) {
    int i = first;
    for (; i <= last - Lanes.COUNT; i += Lanes.COUNT) {
      // Without its sign, 0 is the only number of no bits.
      var bits =
          FloatVector.fromArray(Lanes.F32, from, i)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 1);
      var truths = bits.or(bits.neg()).lanewise(VectorOperators.LSHR, 31);
      ((ByteVector) truths.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(to, i);
    }
    return i;
  }

  /** Writes the nearest BF16 numbers, even ones where two are near. */
  static int bf16(float[] from, short[] to, int first, int last) {
    if (!HALVES) {
      return first;
    }
    WARM_UPS.getLast().before(operations(first, last));
    return bf16Vectors(from, to, first, last);
  }

  private static int bf16Vectors(float[] from, short[] to, int first, int last) {
    int i = first;
    for (; i <= last - Lanes.COUNT; i += Lanes.COUNT) {
      var bits = FloatVector.fromArray(Lanes.F32, from, i).reinterpretAsInts();
      var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      var nearest = bits.add(0x7FFF).add(odd);
      // A NaN's fraction must not be rounded away to infinity.
      var isNaN = bits.and(0x7FFFFFFF).compare(VectorOperators.GT, 0x7F800000);
      var high = nearest.blend(bits.or(0x400000), isNaN).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) high.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(to, i);
    }
    return i;
  }
}
