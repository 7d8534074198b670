package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation over the last axes: {@code (x − mean) / √(variance + eps) · weight + bias},
 * biased variance. Ba et al. 2016.
 */
public final class LayerNorm extends Layer {
  private final Shape shape;
  private final double eps;
  private final Affine affine;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /** What follows the normalisation. */
  public enum Affine {
    /** A weight and a bias. */
    WEIGHT_AND_BIAS,
    /** A weight alone. */
    WEIGHT,
    /** Nothing. */
    NONE
  }

  /** Creates a layer norm over the last axis with torch's eps of 1e-5. */
  public LayerNorm(int size) {
    this(size, 1e-5);
  }

  /**
   * Creates a layer norm over the last axis.
   *
   * @param eps added to the variance
   */
  public LayerNorm(int size, double eps) {
    this(Shape.of(size), eps, Affine.WEIGHT_AND_BIAS);
  }

  /**
   * Creates a layer norm over the last axes.
   *
   * @param shape the sizes of these axes
   * @param eps added to the variance
   */
  public LayerNorm(Shape shape, double eps, Affine affine) {
    if (shape.rank() == 0) {
      throw new CortadoException("a layer norm needs at least one axis to normalise over");
    }
    this.shape = shape;
    this.eps = eps;
    this.affine = affine;
    int[] sizes = shape.toArray();
    this.weight = affine == Affine.NONE ? null : parameter("weight", Initializer.ONES, sizes);
    this.bias =
        affine == Affine.WEIGHT_AND_BIAS ? parameter("bias", Initializer.ZEROS, sizes) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    check(x);
    boolean several = shape.rank() > 1;
    var rows = several ? x.reshape(-1, shape.elements()) : x;
    var op = new NormalizationOp.LayerNorm(eps);
    var y = rows.apply(op, flat(weight, 1, x), flat(bias, 0, x));
    return several ? y.reshape(x.shape().toArray()) : y;
  }

  private void check(Tensor x) {
    int[] dims = x.shape().toArray();
    int from = dims.length - shape.rank();
    if (from < 0 || !Arrays.equals(dims, from, dims.length, shape.toArray(), 0, shape.rank())) {
      throw new CortadoException(
          "this LayerNorm expects " + shape + " as the last axes, got " + x.spec());
    }
  }

  private Tensor flat(@Nullable Parameter parameter, double otherwise, Tensor x) {
    if (parameter == null) {
      return Tensor.full(Shape.of(shape.elements()), x.dtype(), otherwise);
    }
    return shape.rank() > 1 ? parameter.tensor().reshape(-1) : parameter.tensor();
  }

  @Override
  protected Layer twin() {
    return new LayerNorm(shape, eps, affine);
  }

  @Override
  protected String settings() {
    return (shape.rank() == 1 ? Integer.toString(shape.dim(0)) : shape.toString())
        + ", eps="
        + eps
        + switch (affine) {
          case WEIGHT_AND_BIAS -> "";
          case WEIGHT -> ", no bias";
          case NONE -> ", no affine";
        };
  }
}
