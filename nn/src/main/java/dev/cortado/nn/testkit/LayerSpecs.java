package dev.cortado.nn.testkit;

import static dev.cortado.nn.testkit.LayerSpec.of;

import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.AdaptiveAvgPool2d;
import dev.cortado.nn.AdaptiveMaxPool2d;
import dev.cortado.nn.AvgPool2d;
import dev.cortado.nn.BatchNorm;
import dev.cortado.nn.BatchNorm1d;
import dev.cortado.nn.BatchNorm2d;
import dev.cortado.nn.Conv2d;
import dev.cortado.nn.ConvNormActivation;
import dev.cortado.nn.ConvTranspose2d;
import dev.cortado.nn.Dropout;
import dev.cortado.nn.Dropout2d;
import dev.cortado.nn.Embedding;
import dev.cortado.nn.EncoderBlock;
import dev.cortado.nn.Flatten;
import dev.cortado.nn.GroupNorm;
import dev.cortado.nn.Identity;
import dev.cortado.nn.Kernel2d;
import dev.cortado.nn.LayerNorm;
import dev.cortado.nn.Linear;
import dev.cortado.nn.LogSoftmax;
import dev.cortado.nn.MaxPool2d;
import dev.cortado.nn.Mlp;
import dev.cortado.nn.MultiheadAttention;
import dev.cortado.nn.Padding;
import dev.cortado.nn.PaddingMode;
import dev.cortado.nn.Sequential;
import dev.cortado.nn.Softmax;
import dev.cortado.nn.SqueezeExcitation;
import dev.cortado.nn.StochasticDepth;
import dev.cortado.nn.TransformerEncoderLayer;
import dev.cortado.nn.Upsample;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Interpolation;
import dev.cortado.testkit.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What every layer may be given. */
public final class LayerSpecs {
  /**
   * What inner norms add to the variance: so much that derivatives stay small where all numbers
   * happen to be alike, and differences can tell them.
   */
  private static final double EPS = 0.5;

  private static final List<ActivationLayer> ACTIVATIONS =
      List.of(
          ActivationLayer.relu(),
          ActivationLayer.relu6(),
          ActivationLayer.silu(),
          ActivationLayer.gelu(),
          ActivationLayer.sigmoid(),
          ActivationLayer.tanh(),
          ActivationLayer.leakyRelu(0.01),
          ActivationLayer.hardswish(),
          ActivationLayer.geluTanh(),
          ActivationLayer.hardsigmoid(),
          ActivationLayer.hardtanh(),
          ActivationLayer.elu(1.3),
          ActivationLayer.selu(),
          ActivationLayer.softplus(),
          ActivationLayer.mish(),
          ActivationLayer.logSigmoid());

  private LayerSpecs() {}

  /** Returns a spec of every layer. */
  public static List<LayerSpec> all() {
    var all = new ArrayList<LayerSpec>();
    linear(all);
    convolutions(all);
    norms(all);
    pools(all);
    activations(all);
    random(all);
    attention(all);
    containers(all);
    return all;
  }

  private static Tensor images(Draw d, int channels, int least) {
    return d.tensor(Shape.of(d.between(1, 2), channels, least + d.size(), least + d.size()));
  }

  private static Tensor tokens(Draw d, int width) {
    return d.tensor(Shape.of(d.between(1, 2), d.between(1, 4), width));
  }

  private static void linear(List<LayerSpec> all) {
    all.add(
        of(
            Linear.class,
            d -> {
              var shape = d.shape(1, 3);
              return new LayerSpec.Case(
                  new Linear(shape.dim(-1), d.size(), d.maybe()), d.tensor(shape));
            }));
    all.add(
        of(
            Embedding.class,
            d -> {
              int count = d.between(2, 5);
              var padding = d.maybe() ? OptionalInt.of(d.between(0, count - 1)) : null;
              var layer =
                  padding == null
                      ? new Embedding(count, d.size())
                      : new Embedding(count, d.size(), padding);
              // Moving the padding row moves the output, though no gradient flows back: with a
              // padding index only other indices are looked up here, NormsAndEmbeddingTest does the
              // rest.
              int bound = padding == null ? count : padding.getAsInt();
              return new LayerSpec.Case(
                  bound == 0 ? new Embedding(count, 2) : layer,
                  d.indices(d.shape(0, 2), bound == 0 ? count : bound));
            }));
    all.add(
        of(
            Mlp.class,
            d -> {
              int width = d.size();
              return new LayerSpec.Case(new Mlp(width, d.size(), dropout(d)), tokens(d, width));
            }));
  }

  private static double dropout(Draw d) {
    return d.of(0.0, 0.3);
  }

  private static void convolutions(List<LayerSpec> all) {
    all.add(
        of(
            Conv2d.class,
            d -> {
              int groups = d.between(1, 2);
              int in = groups * d.between(1, 2);
              var mode = d.of(PaddingMode.values());
              var padding = mode != PaddingMode.ZEROS ? Padding.of(1, d.between(0, 2)) : border(d);
              var settings =
                  Conv2d.kernel(d.between(1, 3), d.between(1, 3))
                      .withStride(d.between(1, 2), d.between(1, 2))
                      .withDilation(d.between(1, 2), 1)
                      .withPadding(padding)
                      .withPaddingMode(mode)
                      .withGroups(groups)
                      .withBias(d.maybe());
              int out = groups * d.between(1, 2);
              return new LayerSpec.Case(new Conv2d(in, out, settings), images(d, in, 4));
            }));
    all.add(
        of(
            ConvTranspose2d.class,
            d -> {
              int groups = d.between(1, 2);
              int in = groups * d.between(1, 2);
              int stride = d.between(1, 3);
              var settings =
                  Conv2d.kernel(d.between(2, 3), d.between(2, 3))
                      .withStride(stride)
                      .withDilation(d.between(1, 2))
                      .withPadding(d.between(0, 1), d.between(0, 1))
                      .withGroups(groups)
                      .withBias(d.maybe());
              int more = d.between(0, stride - 1);
              int out = groups * d.between(1, 2);
              return new LayerSpec.Case(
                  new ConvTranspose2d(in, out, settings, more), images(d, in, 1));
            }));
    all.add(
        of(
            ConvNormActivation.class,
            d -> {
              var layer =
                  new ConvNormActivation(
                      2,
                      3,
                      3,
                      d.between(1, 2),
                      border(d),
                      1,
                      new BatchNorm.Settings(EPS, 0.1),
                      d.maybe() ? null : new Activation.Silu());
              return new LayerSpec.Case(layer, images(d, 2, 4));
            }));
    all.add(
        of(
            SqueezeExcitation.class,
            d -> {
              int channels = d.size();
              return new LayerSpec.Case(
                  new SqueezeExcitation(channels, d.size()), images(d, channels, 0));
            }));
  }

  private static Padding border(Draw d) {
    return switch (d.between(0, 2)) {
      case 0 -> Padding.same();
      case 1 -> new Padding.Sides(d.between(0, 1), d.between(0, 2), 1, 0);
      default -> Padding.of(1);
    };
  }

  private static BatchNorm.Settings batchNorm(Draw d) {
    var momentum = d.maybe() ? null : Double.valueOf(0.3);
    return new BatchNorm.Settings(d.of(1e-2, 0.1), momentum, d.maybe(), d.maybe());
  }

  private static void norms(List<LayerSpec> all) {
    all.add(
        of(
            BatchNorm1d.class,
            d -> {
              int channels = d.size();
              var shape =
                  d.maybe()
                      ? Shape.of(2 + d.size(), channels)
                      : Shape.of(d.size(), channels, 2 + d.size());
              return new LayerSpec.Case(new BatchNorm1d(channels, batchNorm(d)), d.distinct(shape));
            }));
    all.add(
        of(
            BatchNorm2d.class,
            d -> {
              int channels = d.size();
              var shape = Shape.of(d.size(), channels, 1 + d.size(), d.size());
              return new LayerSpec.Case(new BatchNorm2d(channels, batchNorm(d)), d.distinct(shape));
            }));
    all.add(
        of(
            LayerNorm.class,
            d -> {
              var shape = d.maybe() ? Shape.of(1 + d.size()) : Shape.of(d.size(), 1 + d.size());
              var layer = new LayerNorm(shape, 0.1, d.of(LayerNorm.Affine.values()));
              var sizes = new ArrayList<Integer>(List.of(d.size()));
              for (int size : shape.toArray()) {
                sizes.add(size);
              }
              int[] dims = sizes.stream().mapToInt(Integer::intValue).toArray();
              return new LayerSpec.Case(layer, d.distinct(Shape.of(dims)));
            }));
    all.add(
        of(
            GroupNorm.class,
            d -> {
              int groups = d.between(1, 3);
              int channels = groups * d.between(1, 2);
              var layer = new GroupNorm(groups, channels, 0.1, d.maybe());
              return new LayerSpec.Case(
                  layer, d.distinct(Shape.of(d.between(1, 2), channels, 2, d.size())));
            }));
  }

  private static void pools(List<LayerSpec> all) {
    all.add(
        of(
            MaxPool2d.class,
            d -> {
              var kernel = Kernel2d.of(2, d.between(2, 3)).withStride(d.between(1, 2), 1);
              var shape = Shape.of(1, d.between(1, 2), 3 + d.size(), 3 + d.size());
              return new LayerSpec.Case(
                  new MaxPool2d(kernel, Padding.of(d.between(0, 1)), d.maybe()), d.distinct(shape));
            }));
    all.add(
        of(
            AvgPool2d.class,
            d -> {
              var kernel = Kernel2d.of(2, d.between(2, 3)).withStride(1, d.between(1, 2));
              var padding = Padding.of(d.between(0, 1));
              return new LayerSpec.Case(
                  new AvgPool2d(kernel, padding, d.maybe(), d.maybe(), d.of(0, 3)),
                  images(d, 2, 3));
            }));
    all.add(
        of(
            AdaptiveAvgPool2d.class,
            d -> {
              var pool =
                  d.maybe() ? new AdaptiveAvgPool2d(1) : new AdaptiveAvgPool2d(d.size(), d.size());
              return new LayerSpec.Case(pool, images(d, 2, 1));
            }));
    all.add(
        of(
            AdaptiveMaxPool2d.class,
            d ->
                new LayerSpec.Case(
                    new AdaptiveMaxPool2d(d.size(), d.size()),
                    d.distinct(Shape.of(1, 2, 1 + d.size(), 1 + d.size())))));
    all.add(
        of(
            Upsample.class,
            d -> {
              var how =
                  d.of(
                      Interpolation.NEAREST,
                      Interpolation.BILINEAR,
                      Interpolation.BICUBIC.withAlignedCorners());
              return new LayerSpec.Case(
                  d.maybe()
                      ? Upsample.by(d.of(1.5, 2.0), how)
                      : Upsample.to(d.between(2, 5), d.between(2, 5), how),
                  images(d, 2, 1));
            }));
  }

  private static void activations(List<LayerSpec> all) {
    all.add(
        of(
            ActivationLayer.class,
            d ->
                new LayerSpec.Case(
                    d.of(ACTIVATIONS.toArray(new ActivationLayer[0])),
                    d.awayFrom(d.shape(0, 4), -8, 8, -3, -1, 0, 1, 3, 6))));
    all.add(
        of(
            Softmax.class,
            d -> new LayerSpec.Case(new Softmax(d.of(0, -1)), d.tensor(d.shape(1, 3)))));
    all.add(
        of(
            LogSoftmax.class,
            d -> new LayerSpec.Case(new LogSoftmax(d.of(0, -1)), d.tensor(d.shape(1, 3)))));
  }

  private static void random(List<LayerSpec> all) {
    all.add(
        of(
            Dropout.class,
            d -> new LayerSpec.Case(new Dropout(d.of(0.0, 0.4, 1.0)), d.tensor(d.shape(0, 3)))));
    all.add(
        of(
            Dropout2d.class,
            d -> new LayerSpec.Case(new Dropout2d(d.of(0.0, 0.5)), images(d, 3, 0))));
    all.add(
        of(
            StochasticDepth.class,
            d ->
                new LayerSpec.Case(
                    new StochasticDepth(d.of(0.0, 0.5), d.of(StochasticDepth.Mode.values())),
                    d.tensor(d.shape(1, 4)))));
  }

  private static void attention(List<LayerSpec> all) {
    all.add(
        of(
            MultiheadAttention.class,
            d -> {
              int heads = d.between(1, 2);
              int width = heads * d.between(1, 3);
              return new LayerSpec.Case(
                  new MultiheadAttention(width, heads, dropout(d)), tokens(d, width));
            }));
    all.add(
        of(
            EncoderBlock.class,
            d -> {
              var sizes = new EncoderBlock.Sizes(4, 2, 3, dropout(d), dropout(d), EPS);
              return new LayerSpec.Case(new EncoderBlock(sizes), tokens(d, 4));
            }));
    all.add(
        of(
            TransformerEncoderLayer.class,
            d -> {
              var settings =
                  new TransformerEncoderLayer.Settings(
                      4, 2, 3, dropout(d), new Activation.Gelu(), EPS, d.maybe());
              return new LayerSpec.Case(new TransformerEncoderLayer(settings), tokens(d, 4));
            }));
  }

  private static void containers(List<LayerSpec> all) {
    all.add(of(Identity.class, d -> new LayerSpec.Case(new Identity(), d.tensor(d.shape(0, 3)))));
    all.add(
        of(
            Flatten.class,
            d ->
                new LayerSpec.Case(
                    d.of(new Flatten(), new Flatten(0, 1)), d.tensor(d.shape(2, 4)))));
    all.add(
        of(
            Sequential.class,
            d -> {
              int width = d.size();
              var layers =
                  new Sequential(
                      new Linear(width, 3), ActivationLayer.tanh(), new Linear(3, d.size()));
              return new LayerSpec.Case(layers, d.tensor(Shape.of(d.size(), width)));
            }));
  }
}
