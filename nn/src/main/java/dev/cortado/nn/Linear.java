package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x · weightᵀ + bias} over the last axis: parameters {@code weight} [out, in] and {@code
 * bias} [out]. Drawn as in torch: uniform in ±1/√in.
 */
public final class Linear extends Layer {
  private final int in;
  private final int out;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** Creates a layer with a bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /** Creates a layer with or without a bias. */
  public Linear(int in, int out, boolean bias) {
    this.in = in;
    this.out = out;
    this.weight = parameter("weight", Initializer.uniformFanIn(), out, in);
    this.bias = bias ? parameter("bias", Initializer.uniform(1 / Math.sqrt(in)), out) : null;
  }

  /** Returns the number of inputs. */
  public int in() {
    return in;
  }

  /** Returns the number of outputs. */
  public int out() {
    return out;
  }

  /** Returns the weight [out, in]. */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias [out], or null. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null
        ? multiply(x, Epilogue.NONE, List.of())
        : multiply(x, Epilogue.BIAS, List.of(bias.tensor()));
  }

  /** Returns {@code activation} of the output, in one pass. */
  Tensor forward(Tensor x, Epilogues.Activated activation) {
    return bias == null
        ? multiply(x, activation.plain(), List.of())
        : multiply(x, activation.biased(), List.of(bias.tensor()));
  }

  /** Returns the output plus {@code residual}, in one pass. */
  Tensor forward(Tensor x, Tensor residual) {
    var rows = residual.reshape(-1, out);
    return bias == null
        ? multiply(x, Epilogues.RESIDUAL, List.of(rows))
        : multiply(x, Epilogues.BIAS_AND_RESIDUAL, List.of(bias.tensor(), rows));
  }

  /** All leading axes become one, so that there is one product, and one for each gradient. */
  private Tensor multiply(Tensor x, Epilogue epilogue, List<Tensor> extras) {
    if (x.rank() == 0 || x.dim(-1) != in) {
      throw new CortadoException(
          "Linear(%s): got %s; its last axis must be %d".formatted(settings(), x.spec(), in));
    }
    var inputs = new ArrayList<Tensor>();
    inputs.add(x.rank() == 2 ? x : x.reshape(-1, in));
    inputs.add(weight.tensor().t());
    inputs.addAll(extras);
    var y = Ops.applyAll(new MatMul(epilogue), inputs).getFirst();
    int[] shape = Arrays.copyOf(x.shape().toArray(), x.rank());
    shape[shape.length - 1] = out;
    return y.reshape(shape);
  }

  @Override
  protected Layer twin() {
    return new Linear(in, out, bias != null);
  }

  @Override
  protected String settings() {
    return in + ", " + out + (bias == null ? ", no bias" : "");
  }
}
