package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation of [N, C, …]: the channels of a sample are divided into groups, each is
 * normalised with its own mean and biased variance; then {@code · weight + bias} per channel. What
 * a sample becomes does not depend on the batch. One group is layer norm over the whole sample, as
 * many groups as channels is instance norm. Wu &amp; He 2018.
 */
public final class GroupNorm extends Layer {
  private static final Fused SCALE_AND_SHIFT = Fused.of(3, input(0).times(input(1)).plus(input(2)));

  private final int groups;
  private final int channels;
  private final double eps;
  private final boolean affine;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /** Creates a group norm with weight, bias and torch's eps of 1e-5. */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5, true);
  }

  /**
   * Creates a group norm.
   *
   * @param channels a multiple of {@code groups}
   * @param eps added to the variance
   * @param affine whether there are a weight and a bias
   */
  public GroupNorm(int groups, int channels, double eps, boolean affine) {
    if (groups < 1 || channels % groups != 0) {
      throw new CortadoException(
          channels + " channels cannot be divided into " + groups + " groups");
    }
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? parameter("weight", Initializer.ONES, channels) : null;
    this.bias = affine ? parameter("bias", Initializer.ZEROS, channels) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() < 2 || x.dim(1) != channels) {
      throw new CortadoException("GroupNorm expects [N, " + channels + ", ...], got " + x.spec());
    }
    int size = channels / groups;
    for (int axis = 2; axis < x.rank(); axis++) {
      size *= x.dim(axis);
    }
    var rows = x.reshape(x.dim(0) * groups, size);
    var ones = Tensor.full(dev.cortado.tensor.Shape.of(size), x.dtype(), 1);
    var zeros = Tensor.full(ones.shape(), x.dtype(), 0);
    var y =
        rows.apply(new NormalizationOp.LayerNorm(eps), ones, zeros).reshape(x.shape().toArray());
    return weight == null || bias == null
        ? y
        : y.apply(SCALE_AND_SHIFT, perChannel(weight, x), perChannel(bias, x));
  }

  private static Tensor perChannel(Parameter parameter, Tensor x) {
    int[] dims = new int[x.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = -1;
    return parameter.tensor().reshape(dims);
  }

  @Override
  protected Layer twin() {
    return new GroupNorm(groups, channels, eps, affine);
  }

  @Override
  protected String settings() {
    return groups + ", " + channels + ", eps=" + eps + (affine ? "" : ", no affine");
  }
}
