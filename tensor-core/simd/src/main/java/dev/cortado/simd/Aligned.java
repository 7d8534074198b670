package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;

/**
 * Results that begin where a cache line begins. The numbers of a Java array begin behind its
 * header, so that a vector as wide as a cache line lies across two, and loading it takes twice as
 * long where everything else is in the first-level cache. No layout mends that as long as arrays
 * lie anywhere; but with {@code -XX:ObjectAlignmentInBytes=64} they begin with a line, and a few
 * elements left free bring the first number to the next one. Without the option nothing is left
 * free. Results are the same bits either way.
 */
final class Aligned {
  /** Bytes of a cache line. */
  private static final int LINE = 64;

  /** Bytes of an array's length, behind the object's header. */
  private static final int LENGTH = Integer.BYTES;

  /** Smaller tensors are not worth it. */
  private static final int LEAST = 1024;

  /** Floats to leave free, whatever the size and the JVM: for tests. */
  private static final Integer FORCED = Integer.getInteger("cortado.simd.front");

  /** How many floats to leave free at the front of an array. */
  static final int FRONT = FORCED != null ? FORCED : front(Jit.current());

  private Aligned() {}

  /**
   * Returns an F32 tensor of undefined content in a dense layout, which {@code origin} will write.
   * Its elements need not begin at the start of their array: see {@link Layout#offset}.
   */
  static Tensor empty(Shape shape, Layout layout, String origin) {
    int front = FORCED != null || shape.elements() >= LEAST ? FRONT : 0;
    if (front == 0 || shape.elements() > Integer.MAX_VALUE - front) {
      return Tensor.empty(shape, DType.F32, layout, origin);
    }
    var storage = HostStorage.allocate(DType.F32, front + shape.elements(), origin);
    return new Tensor(shape, layout.shifted(front), storage, null);
  }

  /** Returns how many floats lie between the first of an array and the next cache line. */
  static int front(Jit jit) {
    var alignment = jit.option().apply("ObjectAlignmentInBytes");
    if (alignment == null || Integer.parseInt(alignment) % LINE != 0) {
      return 0;
    }
    boolean compact = "true".equals(jit.option().apply("UseCompactObjectHeaders"));
    boolean narrow = "true".equals(jit.option().apply("UseCompressedClassPointers"));
    int header = compact ? 8 : narrow ? 12 : 16;
    return (LINE - header - LENGTH) / Float.BYTES;
  }
}
