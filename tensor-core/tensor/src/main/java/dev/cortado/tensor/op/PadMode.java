package dev.cortado.tensor.op;

/** What continues a tensor beyond its edge. */
public enum PadMode {
  /** Its mirror image; the outermost element is not repeated. */
  REFLECT,
  /** Its outermost element. */
  REPLICATE,
  /** Its other end. */
  CIRCULAR;

  /** Returns by how much an axis of {@code size} elements can be continued at one end. */
  public int most(int size) {
    return switch (this) {
      case REFLECT -> size - 1;
      case REPLICATE -> size == 0 ? 0 : Integer.MAX_VALUE;
      case CIRCULAR -> size;
    };
  }

  /** Returns the element that stands for position {@code i}, which may lie outside. */
  public int source(int i, int size) {
    return switch (this) {
      case REFLECT -> size - 1 - Math.abs(size - 1 - Math.abs(i));
      case REPLICATE -> Math.clamp((long) i, 0, size - 1);
      case CIRCULAR -> Math.floorMod(i, size);
    };
  }
}
