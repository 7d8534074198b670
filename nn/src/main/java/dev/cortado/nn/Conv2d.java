package dev.cortado.nn;

import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of images [N, C, H, W] with square kernels: parameters {@code weight} [O, C/groups,
 * k, k] and {@code bias} [O]. Drawn as in torch: uniform in ±1/√(fan in).
 */
public final class Conv2d extends Layer {
  private final int kernel;
  private final int stride;
  private final Padding padding;
  private final int groups;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** Creates a convolution with a bias, without border, step 1. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, Padding.NONE, 1, true);
  }

  /**
   * Creates a convolution.
   *
   * @param groups into how many parts the channels are divided; {@code in} for a depthwise one
   */
  public Conv2d(
      int in, int out, int kernel, int stride, Padding padding, int groups, boolean bias) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.groups = groups;
    this.weight = parameter("weight", Initializer.uniformFanIn(), out, in / groups, kernel, kernel);
    double bound = 1 / Math.sqrt((double) in / groups * kernel * kernel);
    this.bias = bias ? parameter("bias", Initializer.uniform(bound), out) : null;
  }

  /** Returns the weight [O, C/groups, k, k]. */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias [O], or null. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null
        ? convolve(x, Epilogue.NONE, List.of())
        : convolve(x, Epilogue.BIAS, List.of(channels(bias.tensor())));
  }

  /** Returns {@code activation} of the convolution with its bias, in one pass. */
  Tensor forward(Tensor x, Epilogues.Activated activation) {
    return bias == null
        ? convolve(x, activation.plain(), List.of())
        : convolve(x, activation.biased(), List.of(channels(bias.tensor())));
  }

  /** Returns the convolution, without this layer's bias, followed by an epilogue. */
  Tensor convolve(Tensor x, Epilogue epilogue, List<Tensor> extras) {
    var window = padding.window(x.dim(2), x.dim(3), kernel, stride);
    var inputs = new ArrayList<Tensor>();
    inputs.add(x);
    inputs.add(weight.tensor());
    inputs.addAll(extras);
    return Ops.applyAll(new ConvolutionOp.Conv2d(window, groups, epilogue), inputs).getFirst();
  }

  /** Returns one number per channel in the shape that broadcasts over an image. */
  static Tensor channels(Tensor vector) {
    return vector.reshape(-1, 1, 1);
  }

  @Override
  protected String settings() {
    var shape = weight.spec().shape();
    return "%d, %d, kernel=%d, stride=%d, padding=%s%s%s"
        .formatted(
            shape.dim(1) * groups,
            shape.dim(0),
            kernel,
            stride,
            padding,
            groups == 1 ? "" : ", groups=" + groups,
            bias == null ? ", no bias" : "");
  }
}
