package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.Arrays;

/** Joins neighbouring axes into one; without further words all but the first: [N, …] to [N, D]. */
public final class Flatten extends Layer {
  private final int first;
  private final int last;

  /** Creates a layer that joins all axes but the first. */
  public Flatten() {
    this(1, -1);
  }

  /**
   * Creates a layer that joins the axes from {@code first} to {@code last}, both included; negative
   * ones count from the end.
   */
  public Flatten(int first, int last) {
    this.first = first;
    this.last = last;
  }

  @Override
  public Tensor forward(Tensor x) {
    int from = x.shape().axis(first);
    int to = x.shape().axis(last);
    if (from > to) {
      throw new CortadoException(
          "Flatten from axis " + first + " to " + last + " means nothing for " + x.spec());
    }
    int[] dims = x.shape().toArray();
    int[] joined = Arrays.copyOf(dims, from + dims.length - to);
    joined[from] = -1;
    if (x.elements() == 0) {
      joined[from] = Arrays.stream(dims, from, to + 1).reduce(1, Math::multiplyExact);
    }
    System.arraycopy(dims, to + 1, joined, from + 1, dims.length - to - 1);
    return x.reshape(joined);
  }

  @Override
  protected Layer twin() {
    return new Flatten(first, last);
  }

  @Override
  protected String settings() {
    return first == 1 && last == -1 ? "" : first + ", " + last;
  }
}
