package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.PadMode;
import dev.cortado.tensor.op.Window2d;
import java.util.Locale;

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
    int[] sides = {w.left(), w.right(), w.top(), w.bottom()};
    return this == ZEROS ? x.pad(0, sides) : x.pad(PadMode.valueOf(name()), sides);
  }

  /** Returns torch's word for it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
