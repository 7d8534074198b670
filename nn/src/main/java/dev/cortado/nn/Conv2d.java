package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of images [N, C, H, W]: parameters {@code weight} [O, C/groups, kh, kw] and {@code
 * bias} [O]. Drawn as in torch: uniform in ±1/√(fan in).
 *
 * <pre>{@code
 * new Conv2d(3, 16, 3)
 * new Conv2d(16, 32, Conv2d.kernel(3, 5).withStride(2).withPadding(1, 2).withBias(false))
 * }</pre>
 */
public final class Conv2d extends Layer {
  private final int in;
  private final int out;
  private final Settings settings;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * Everything about a convolution but its channels.
   *
   * @param kernel size, steps and spacing
   * @param padding how wide the border is
   * @param mode what the border consists of
   * @param groups into how many parts the channels are divided; as many as there are for a
   *     depthwise one
   * @param bias whether one number per channel is added
   */
  public record Settings(
      Kernel2d kernel, Padding padding, PaddingMode mode, int groups, boolean bias) {
    /** Returns this with equal steps both ways. */
    public Settings withStride(int stride) {
      return withKernel(kernel.withStride(stride));
    }

    /** Returns this with steps down and to the right. */
    public Settings withStride(int down, int right) {
      return withKernel(kernel.withStride(down, right));
    }

    /** Returns this with equal spacing of the taps both ways. */
    public Settings withDilation(int dilation) {
      return withKernel(kernel.withDilation(dilation));
    }

    /** Returns this with spacing of the taps down and to the right. */
    public Settings withDilation(int down, int right) {
      return withKernel(kernel.withDilation(down, right));
    }

    private Settings withKernel(Kernel2d other) {
      return new Settings(other, padding, mode, groups, bias);
    }

    /** Returns this with a border of equal width on all sides. */
    public Settings withPadding(int pixels) {
      return withPadding(Padding.of(pixels));
    }

    /** Returns this with so many rows above and below, and columns at the left and right. */
    public Settings withPadding(int rows, int columns) {
      return withPadding(Padding.of(rows, columns));
    }

    /** Returns this with a border. */
    public Settings withPadding(Padding other) {
      return new Settings(kernel, other, mode, groups, bias);
    }

    /** Returns this with a border that consists of something else than zeros. */
    public Settings withPaddingMode(PaddingMode other) {
      return new Settings(kernel, padding, other, groups, bias);
    }

    /** Returns this with channels that are divided into so many groups. */
    public Settings withGroups(int count) {
      return new Settings(kernel, padding, mode, count, bias);
    }

    /** Returns this with or without a bias. */
    public Settings withBias(boolean wanted) {
      return new Settings(kernel, padding, mode, groups, wanted);
    }

    void check(int in, int out) {
      if (groups < 1 || in % groups != 0 || out % groups != 0) {
        throw new CortadoException(
            "a convolution from %d to %d channels cannot be divided into %d groups"
                .formatted(in, out, groups));
      }
    }

    /** Returns the settings as they are printed after the channels. */
    @Override
    public String toString() {
      return "%s, padding=%s%s%s%s"
          .formatted(
              kernel,
              padding,
              mode == PaddingMode.ZEROS ? "" : ", mode=" + mode,
              groups == 1 ? "" : ", groups=" + groups,
              bias ? "" : ", no bias");
    }
  }

  /** Returns settings with a square kernel: steps of 1, no border, one group, a bias. */
  public static Settings kernel(int size) {
    return kernel(size, size);
  }

  /** Returns settings with a kernel of some height and width. */
  public static Settings kernel(int height, int width) {
    return new Settings(Kernel2d.of(height, width), Padding.NONE, PaddingMode.ZEROS, 1, true);
  }

  /** Creates a convolution with a bias, without border, step 1. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel(kernel));
  }

  /**
   * Creates a convolution with a square kernel.
   *
   * @param groups into how many parts the channels are divided; {@code in} for a depthwise one
   */
  public Conv2d(
      int in, int out, int kernel, int stride, Padding padding, int groups, boolean bias) {
    this(
        in,
        out,
        kernel(kernel).withStride(stride).withPadding(padding).withGroups(groups).withBias(bias));
  }

  /**
   * Creates a convolution.
   *
   * @throws CortadoException if the channels cannot be divided into the groups
   */
  public Conv2d(int in, int out, Settings settings) {
    settings.check(in, out);
    this.in = in;
    this.out = out;
    this.settings = settings;
    var k = settings.kernel();
    int perGroup = in / settings.groups();
    this.weight =
        parameter("weight", Initializer.uniformFanIn(), out, perGroup, k.height(), k.width());
    double bound = 1 / Math.sqrt((double) perGroup * k.height() * k.width());
    this.bias = settings.bias() ? parameter("bias", Initializer.uniform(bound), out) : null;
  }

  /** Returns the weight [O, C/groups, kh, kw]. */
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
    if (x.rank() != 4) {
      throw new CortadoException("Conv2d expects images [N, C, H, W], got " + x.spec());
    }
    var window = settings.padding().window(x.dim(2), x.dim(3), settings.kernel());
    var image = x;
    if (settings.mode() != PaddingMode.ZEROS) {
      image = settings.mode().pad(x, window);
      window = Padding.NONE.window(image.dim(2), image.dim(3), settings.kernel());
    }
    var inputs = new ArrayList<Tensor>();
    inputs.add(image);
    inputs.add(weight.tensor());
    inputs.addAll(extras);
    var op = new ConvolutionOp.Conv2d(window, settings.groups(), epilogue);
    return Ops.applyAll(op, inputs).getFirst();
  }

  /** Returns one number per channel in the shape that broadcasts over an image. */
  static Tensor channels(Tensor vector) {
    return vector.reshape(-1, 1, 1);
  }

  @Override
  protected Layer twin() {
    return new Conv2d(in, out, settings);
  }

  @Override
  protected String settings() {
    return in + ", " + out + ", " + settings;
  }
}
