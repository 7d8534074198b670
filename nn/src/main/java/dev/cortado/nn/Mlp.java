package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import java.util.Map;

/**
 * The part of a transformer that treats every token by itself: linear {@code 0}, GELU {@code 1},
 * dropout {@code 2}, linear {@code 3}, dropout {@code 4}. In evaluation the first three are one
 * pass.
 */
public final class Mlp extends Layer {
  private final int width;
  private final int hidden;
  private final double dropout;
  private final Linear first;
  private final ActivationLayer activation;
  private final Dropout inner;
  private final Linear second;
  private final Dropout outer;
  private final Epilogues.Activated epilogue;

  /**
   * Creates the layers: weights by Xavier's rule, biases close to 0.
   *
   * @param dropout probability to drop an element in training
   */
  public Mlp(int width, int hidden, double dropout) {
    this.width = width;
    this.hidden = hidden;
    this.dropout = dropout;
    this.first = child("0", new Linear(width, hidden));
    this.activation = child("1", ActivationLayer.gelu());
    this.inner = child("2", new Dropout(dropout));
    this.second = child("3", new Linear(hidden, width));
    this.outer = child("4", new Dropout(dropout));
    this.epilogue = Epilogues.Activated.of(activation.formula());
    for (var linear : new Linear[] {first, second}) {
      linear.weight().initializer(Initializer.xavierUniform());
      var bias = linear.bias();
      if (bias != null) {
        bias.initializer(Initializer.normal(1e-6));
      }
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    return outer.apply(second.apply(hidden(x)));
  }

  /** Returns {@code residual + apply(x)}, the sum as part of the last product where possible. */
  public Tensor addTo(Tensor residual, Tensor x) {
    boolean apart = isObserved() || second.isObserved() || outer.isObserved() || outer.isActive();
    return apart ? residual.add(apply(x)) : second.forward(hidden(x), residual);
  }

  private Tensor hidden(Tensor x) {
    var activated =
        first.isObserved() || activation.isObserved()
            ? activation.apply(first.apply(x))
            : first.forward(x, epilogue);
    return inner.apply(activated);
  }

  @Override
  protected Layer twin() {
    return new Mlp(width, hidden, dropout);
  }

  /** torchvision once had other names. */
  @Override
  protected Map<String, String> formerNames() {
    return Map.of(
        "linear_1.weight", "0.weight",
        "linear_1.bias", "0.bias",
        "linear_2.weight", "3.weight",
        "linear_2.bias", "3.bias");
  }
}
