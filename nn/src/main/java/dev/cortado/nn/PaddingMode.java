package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Window2d;

/** What a border consists of. */
public enum PaddingMode {
  /** Zeros. */
  ZEROS,
  /** The image mirrored at its outermost pixels, which are not repeated: cb|abc|ba. */
  REFLECT,
  /** The outermost pixel, repeated: aa|abc|cc. */
  REPLICATE,
  /** The image's other side, as if it were a tile of a floor: bc|abc|ab. */
  CIRCULAR;

  /** Returns an image batch with the border of a window around it. */
  Tensor pad(Tensor x, Window2d w) {
    return padAxis(padAxis(x, 2, w.top(), w.bottom()), 3, w.left(), w.right());
  }

  private Tensor padAxis(Tensor x, int axis, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    int size = x.dim(axis);
    int most = this == REFLECT ? size - 1 : this == CIRCULAR ? size : Integer.MAX_VALUE;
    if (Math.max(before, after) > most || size == 0) {
      throw new CortadoException(
          "a border of "
              + Math.max(before, after)
              + " pixels is too wide for "
              + this
              + " padding of "
              + x.spec()
              + " along axis "
              + axis);
    }
    long[] sources = new long[before + size + after];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = source(i - before, size);
    }
    return x.indexSelect(axis, Tensor.of(sources, sources.length));
  }

  /** Returns which pixel stands at position {@code i}, which may lie outside the image. */
  private int source(int i, int size) {
    return switch (this) {
      case REFLECT -> i < 0 ? -i : i < size ? i : 2 * (size - 1) - i;
      case REPLICATE -> Math.clamp(i, 0, size - 1);
      case CIRCULAR -> Math.floorMod(i, size);
      case ZEROS -> throw new IllegalStateException("zeros are no pixels of the image");
    };
  }

  /** Returns torch's word for it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
