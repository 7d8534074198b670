package dev.cortado.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Elements in one Java array, owned by the garbage collector: {@code float[]} for F32, {@code
 * double[]} for F64, {@code int[]} for I32, {@code long[]} for I64, {@code byte[]} (0 or 1) for
 * BOOL, {@code short[]} for F16 and BF16.
 *
 * <p>A storage born inside a {@link Scope} loses its array when the scope closes; using it
 * afterwards throws and names the op that made it.
 */
public final class HostStorage extends Storage {
  private volatile @Nullable Object array;
  private final String origin;

  private HostStorage(DType dtype, int size, Object array, String origin) {
    super(dtype, size);
    this.array = array;
    this.origin = origin;
  }

  /**
   * Returns a new storage whose elements are <em>undefined</em>: inside a {@link Scope} the array
   * may be a recycled one.
   *
   * @param origin the op that will write it, for the error message of stale use
   */
  public static HostStorage allocate(DType dtype, int size, String origin) {
    var scope = Scope.current();
    if (scope == null) {
      return new HostStorage(dtype, size, newArray(dtype, size), origin);
    }
    var storage = new HostStorage(dtype, size, scope.borrow(dtype, size), origin);
    scope.adopt(storage);
    return storage;
  }

  /**
   * Returns a storage around {@code array}, which must be of the type that {@code dtype} asks for.
   * Not copied.
   *
   * @throws CortadoException if it is of another type
   */
  public static HostStorage wrap(DType dtype, Object array) {
    var expected = newArray(dtype, 0).getClass();
    if (array.getClass() != expected) {
      throw new CortadoException(
          dtype
              + " elements lie in a "
              + expected.getSimpleName()
              + ", got a "
              + array.getClass().getSimpleName());
    }
    return new HostStorage(dtype, java.lang.reflect.Array.getLength(array), array, "wrap");
  }

  static Object newArray(DType dtype, int size) {
    return switch (dtype) {
      case F32 -> new float[size];
      case F64 -> new double[size];
      case I32 -> new int[size];
      case I64 -> new long[size];
      case BOOL -> new byte[size];
      case F16, BF16 -> new short[size];
    };
  }

  /**
   * Returns the array.
   *
   * @throws CortadoException if the scope in which this storage was born has been closed
   */
  public Object array() {
    var result = array;
    if (result == null) {
      throw new CortadoException(
          "stale tensor: it was made by "
              + origin
              + " inside a Scope that has been closed; call scope.keep(tensor)"
              + " before the scope ends if it is needed longer");
    }
    return result;
  }

  /** Returns why the elements are gone, in a few words, or null if they are there. */
  @Nullable String staleness() {
    return array == null ? "stale: made by " + origin + " inside a Scope that is closed" : null;
  }

  /** Returns the array of an F32 storage. */
  public float[] floats() {
    return (float[]) array();
  }

  /** Returns the array of an F64 storage. */
  public double[] doubles() {
    return (double[]) array();
  }

  /** Returns the array of an I32 storage. */
  public int[] ints() {
    return (int[]) array();
  }

  /** Returns the array of an I64 storage. */
  public long[] longs() {
    return (long[]) array();
  }

  /** Returns the array of a BOOL storage: 0 or 1 each. */
  public byte[] bytes() {
    return (byte[]) array();
  }

  /** Returns the array of an F16 or BF16 storage: raw bits. */
  public short[] shorts() {
    return (short[]) array();
  }

  /** Returns element {@code index} as a double. Exact for all types but I64 beyond 2^53. */
  public double get(int index) {
    return switch (dtype()) {
      case F32 -> floats()[index];
      case F64 -> doubles()[index];
      case I32 -> ints()[index];
      case I64 -> (double) longs()[index];
      case BOOL -> bytes()[index];
      case F16 -> Float.float16ToFloat(shorts()[index]);
      case BF16 -> Float.intBitsToFloat(shorts()[index] << 16);
    };
  }

  /**
   * Sets element {@code index}, rounded to the type: floating types to nearest even, integers by
   * truncation.
   */
  public void set(int index, double value) {
    switch (dtype()) {
      case F32 -> floats()[index] = (float) value;
      case F64 -> doubles()[index] = value;
      case I32 -> ints()[index] = (int) value;
      case I64 -> longs()[index] = (long) value;
      case BOOL -> bytes()[index] = (byte) (value != 0 ? 1 : 0);
      case F16 -> shorts()[index] = Half.float16(value);
      case BF16 -> shorts()[index] = Half.bfloat16(value);
    }
  }

  /**
   * Sets element {@code index} to a whole number: rounded once to floating types, to I32 by its
   * last 32 bits.
   */
  public void set(int index, long value) {
    switch (dtype()) {
      case F32 -> floats()[index] = (float) value;
      case F64 -> doubles()[index] = (double) value;
      case I32 -> ints()[index] = (int) value;
      case I64 -> longs()[index] = value;
      case BOOL -> bytes()[index] = (byte) (value != 0 ? 1 : 0);
      case F16 -> shorts()[index] = Half.float16((double) value); // infinite long before 2^53
      case BF16 -> shorts()[index] = Half.bfloat16(value);
    }
  }

  /** Takes the array away; returns it for recycling. */
  @Nullable Object release() {
    var result = array;
    array = null;
    return result;
  }

  /** Returns for example {@code 6 F32 elements made by matmul}. */
  @Override
  public String toString() {
    return size()
        + " "
        + dtype()
        + " elements made by "
        + origin
        + (array == null ? " (stale: their Scope is closed)" : "");
  }
}
