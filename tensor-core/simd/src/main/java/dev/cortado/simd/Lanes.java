package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * How wide this machine's vectors are, and how many vector registers it has. Everything that
 * depends on either (register tiles, panel widths) is derived from here.
 *
 * <p>The width is the JVM's preferred one; {@code -Dcortado.simd.bits=64|128|256|512} overrides it,
 * so that the kernels of other machines can be tested on this one.
 */
final class Lanes {
  /** The species of all F32 kernels. */
  static final VectorSpecies<Float> F32 = species(Integer.getInteger("cortado.simd.bits", 0));

  /** Floats per vector. */
  static final int COUNT = F32.length();

  /** Vector registers: 32 with AVX-512 and on AArch64, 16 with AVX2 and SSE. */
  static final int REGISTERS = F32.vectorBitSize() == 512 || isArm64() ? 32 : 16;

  private Lanes() {}

  /**
   * Returns the mask of the first {@code count} lanes; all of them if {@code count} is larger than
   * a vector.
   */
  static VectorMask<Float> first(int count) {
    return F32.indexInRange(0, count);
  }

  /**
   * Writes the masked lanes to {@code array[at…]}, added to what is there if {@code add}.
   *
   * <p>For generated code. A method of its own, and with the check of {@code at} too long for C1 to
   * inline (35 bytes of code), which C2 still does.
   */
  static void write(FloatVector lanes, float[] array, int at, VectorMask<Float> mask, boolean add) {
    if (at < 0 || at >= array.length) {
      throw new ArrayIndexOutOfBoundsException(at);
    }
    var sum = add ? lanes.add(FloatVector.fromArray(F32, array, at, mask)) : lanes;
    sum.intoArray(array, at, mask);
  }

  /** Returns {@code value} rounded up to a multiple of {@code unit}. */
  static int roundUp(int value, int unit) {
    return (value + unit - 1) / unit * unit;
  }

  private static boolean isArm64() {
    var arch = System.getProperty("os.arch", "");
    return arch.equals("aarch64") || arch.equals("arm64");
  }

  private static VectorSpecies<Float> species(int bits) {
    return switch (bits) {
      case 0 -> FloatVector.SPECIES_PREFERRED;
      case 64 -> FloatVector.SPECIES_64;
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              "cortado.simd.bits must be 64, 128, 256 or 512, got " + bits);
    };
  }
}
