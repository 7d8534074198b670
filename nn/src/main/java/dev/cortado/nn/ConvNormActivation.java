package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Epilogue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution without bias, batch norm, activation: children {@code 0}, {@code 1}, {@code 2}.
 *
 * <p>They are computed together: in training as a convolution and a batch norm that ends with the
 * activation, in evaluation as one convolution whose epilogue scales, shifts and activates. Where a
 * hook looks at one of the children, each is computed by itself.
 */
public final class ConvNormActivation extends Layer {
  private final Conv2d conv;
  private final BatchNorm2d norm;
  private final @Nullable Activation op;
  private final @Nullable ActivationLayer activation;
  private final Formula formula;
  private final Epilogue epilogue;
  private final Epilogue residualEpilogue;

  /**
   * Creates the three layers.
   *
   * @param activation what follows the batch norm, or null for nothing
   */
  public ConvNormActivation(
      int in,
      int out,
      int kernel,
      int stride,
      Padding padding,
      int groups,
      BatchNorm2d.Settings normSettings,
      @Nullable Activation activation) {
    this(
        new Conv2d(in, out, kernel, stride, padding, groups, false),
        new BatchNorm2d(out, normSettings),
        activation);
  }

  private ConvNormActivation(Conv2d conv, BatchNorm2d norm, @Nullable Activation activation) {
    this.conv = child("0", conv);
    this.norm = child("1", norm);
    this.op = activation;
    this.activation = activation == null ? null : child("2", new ActivationLayer(activation));
    this.formula = activation == null ? input(0) : activation.formula();
    this.epilogue = Epilogues.normalized(formula);
    this.residualEpilogue = Epilogues.normalizedWithResidual(formula);
    conv.weight().initializer(Initializer.kaimingNormalFanOut());
  }

  @Override
  public Tensor forward(Tensor x) {
    if (isInsideObserved()) {
      var y = norm.apply(conv.apply(x));
      return activation == null ? y : activation.apply(y);
    }
    return norm.usesBatch()
        ? norm.normalize(conv.forward(x), formula)
        : conv.convolve(x, epilogue, norm.scaleAndShift());
  }

  /** Returns {@code residual + apply(x)}, in evaluation as part of the same pass. */
  public Tensor addTo(Tensor residual, Tensor x) {
    if (isObserved() || isInsideObserved() || norm.usesBatch()) {
      return residual.add(apply(x));
    }
    var extras = new ArrayList<>(norm.scaleAndShift());
    extras.add(residual);
    return conv.convolve(x, residualEpilogue, List.copyOf(extras));
  }

  @Override
  protected Layer twin() {
    return new ConvNormActivation(
        (Conv2d) Layer.twinOf(conv), (BatchNorm2d) Layer.twinOf(norm), op);
  }

  private boolean isInsideObserved() {
    return conv.isObserved()
        || norm.isObserved()
        || (activation != null && activation.isObserved());
  }
}
