package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.util.OptionalInt;

/**
 * A row of numbers for each of a number of things: indices (I64) […] become […, width], by
 * parameter {@code weight} [count, width], drawn from a standard normal distribution as in torch.
 */
public final class Embedding extends Layer {
  private final int count;
  private final int width;
  private final OptionalInt padding;
  private final Parameter weight;

  /** Creates an embedding of {@code count} things. */
  public Embedding(int count, int width) {
    this(count, width, OptionalInt.empty());
  }

  /**
   * Creates an embedding.
   *
   * @param padding the index that stands for "nothing here": its row starts as zeros and is never
   *     trained
   * @throws CortadoException if {@code padding} is no index
   */
  public Embedding(int count, int width, OptionalInt padding) {
    if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= count)) {
      throw new CortadoException(
          "the padding index must lie in 0 … " + (count - 1) + ", got " + padding.getAsInt());
    }
    this.count = count;
    this.width = width;
    this.padding = padding;
    var normal = Initializer.normal(1);
    this.weight =
        parameter(
            "weight",
            padding.isEmpty() ? normal : Initializer.zeroRow(normal, padding.getAsInt()),
            count,
            width);
  }

  /** Returns the weight [count, width]. */
  public Parameter weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor indices) {
    if (indices.dtype() != DType.I64) {
      throw new CortadoException("Embedding expects indices (I64), got " + indices.spec());
    }
    var table = weight.tensor();
    return padding.isPresent()
        ? table.embedding(indices, padding.getAsInt())
        : table.embedding(indices);
  }

  @Override
  protected Layer twin() {
    return new Embedding(count, width, padding);
  }

  @Override
  protected String settings() {
    return count + ", " + width + (padding.isPresent() ? ", padding=" + padding.getAsInt() : "");
  }
}
