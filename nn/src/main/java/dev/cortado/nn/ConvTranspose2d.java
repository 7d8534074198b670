package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution of images [N, C, H, W], which enlarges them: each pixel writes its kernel,
 * scaled, at its place in the result. It computes the gradient of a {@link Conv2d} by its input.
 * Parameters {@code weight} [C, O/groups, kh, kw] and {@code bias} [O], drawn as in torch: uniform
 * in ±1/√(O/groups · kh · kw). The result has {@code (H − 1) · stride − 2 · padding + dilation · (k
 * − 1) + 1 + outputPadding} rows. Zeiler et al. 2010.
 */
public final class ConvTranspose2d extends Layer {
  private final int in;
  private final int out;
  private final Conv2d.Settings settings;
  private final Padding.Sides padding;
  private final int outputPadding;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** Creates a transposed convolution. */
  public ConvTranspose2d(int in, int out, Conv2d.Settings settings) {
    this(in, out, settings, 0);
  }

  /**
   * Creates a transposed convolution.
   *
   * @param settings those of the convolution whose gradient this is: its border is taken away from
   *     the result
   * @param outputPadding rows and columns that the result has more: of the sizes that the
   *     convolution would make equal, it tells which is meant; smaller than the stride or the
   *     dilation
   * @throws CortadoException if the channels cannot be divided into the groups, or the border does
   *     not consist of a fixed number of zeros
   */
  public ConvTranspose2d(int in, int out, Conv2d.Settings settings, int outputPadding) {
    settings.check(in, out);
    if (!(settings.padding() instanceof Padding.Sides sides)
        || settings.mode() != PaddingMode.ZEROS) {
      throw new CortadoException(
          "a transposed convolution needs a border of a fixed number of zeros, not " + settings);
    }
    var k = settings.kernel();
    int most = Math.min(Math.max(k.strideH(), k.dilationH()), Math.max(k.strideW(), k.dilationW()));
    if (outputPadding < 0 || outputPadding >= most) {
      throw new CortadoException(
          "outputPadding must be at least 0 and smaller than the stride or the dilation, got "
              + outputPadding);
    }
    this.in = in;
    this.out = out;
    this.settings = settings;
    this.padding = sides;
    this.outputPadding = outputPadding;
    int perGroup = out / settings.groups();
    this.weight =
        parameter("weight", Initializer.uniformFanIn(), in, perGroup, k.height(), k.width());
    double bound = 1 / Math.sqrt((double) perGroup * k.height() * k.width());
    this.bias = settings.bias() ? parameter("bias", Initializer.uniform(bound), out) : null;
  }

  /** Returns the weight [C, O/groups, kh, kw]. */
  public Parameter weight() {
    return weight;
  }

  /** Returns the bias [O], or null. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4 || x.dim(1) != in) {
      throw new CortadoException(
          "ConvTranspose2d expects images [N, " + in + ", H, W], got " + x.spec());
    }
    var window = padding.window(x.dim(2), x.dim(3), settings.kernel());
    var y =
        x.convTranspose2d(weight.tensor(), window, outputPadding, outputPadding, settings.groups());
    return bias == null ? y : y.add(Conv2d.channels(bias.tensor()));
  }

  @Override
  protected Layer twin() {
    return new ConvTranspose2d(in, out, settings, outputPadding);
  }

  @Override
  protected String settings() {
    var more = outputPadding == 0 ? "" : ", outputPadding=" + outputPadding;
    return in + ", " + out + ", " + settings + more;
  }
}
