package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.spi.Backend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of images, one mean and variance per channel. In training: those of the batch
 * (biased variance), which also move the running ones, {@code running = (1 − momentum) · running +
 * momentum · batch} (unbiased variance). In evaluation and when frozen: the running ones. Ioffe
 * &amp; Szegedy 2015.
 */
public final class BatchNorm2d extends Layer {
  private static final Formula IDENTITY = input(0);

  /**
   * The numbers that batch norms of one model share.
   *
   * @param eps added to the variance
   * @param momentum share of the batch in the running statistics
   */
  public record Settings(double eps, double momentum) {
    /** torch's defaults. */
    public static final Settings DEFAULT = new Settings(1e-5, 0.1);
  }

  private final int channels;
  private final Settings settings;
  private final Parameter weight;
  private final Parameter bias;
  private final Buffer runningMean;
  private final Buffer runningVar;
  private final Buffer batches;
  private final Fused scaleAndShift;
  private volatile @Nullable Folded folded;

  /** Creates a batch norm with torch's defaults. */
  public BatchNorm2d(int channels) {
    this(channels, Settings.DEFAULT);
  }

  /** Creates a batch norm. */
  public BatchNorm2d(int channels, Settings settings) {
    this.channels = channels;
    this.settings = settings;
    this.weight = parameter("weight", Initializer.ONES, channels);
    this.bias = parameter("bias", Initializer.ZEROS, channels);
    this.runningMean = buffer("running_mean", Initializer.ZEROS, channels);
    this.runningVar = buffer("running_var", Initializer.ONES, channels);
    this.batches = counter("num_batches_tracked");
    // Inputs: weight, bias, mean, variance.
    var scale = input(0).dividedBy(Formula.sqrt(input(3).plus(settings.eps())));
    this.scaleAndShift = new Fused(List.of(scale, input(1).minus(input(2).times(scale))), 4);
  }

  /** Returns the settings. */
  public Settings batchNormSettings() {
    return settings;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (isTraining()) {
      return normalize(x, IDENTITY);
    }
    var affine = scaleAndShift();
    return x.apply(Affine.OP, affine.get(0), affine.get(1));
  }

  private static final class Affine {
    static final Fused OP = Fused.of(3, input(0).times(input(1)).plus(input(2)));
  }

  /** Normalises with the batch's statistics, moves the running ones, then applies a formula. */
  Tensor normalize(Tensor x, Formula activation) {
    var results =
        Ops.applyAll(
            new NormalizationOp.BatchNorm(settings.eps(), activation),
            List.of(x, weight.tensor(), bias.tensor()));
    moveRunning(results.get(1).detach(), results.get(2).detach(), x.elements() / channels);
    return results.get(0);
  }

  private void moveRunning(Tensor mean, Tensor variance, int count) {
    if (Autograd.isRecomputing()) {
      return; // a checkpoint has seen this batch before
    }
    double m = settings.momentum();
    double unbiased = count / (count - 1.0);
    // Inputs: running mean, mean, running variance, variance.
    var newMean = input(0).times(1 - m).plus(input(1).times(m));
    var newVariance = input(2).times(1 - m).plus(input(3).times(m * unbiased));
    Ops.into(
        new Fused(List.of(newMean, newVariance), 4),
        List.of(runningMean.value(), mean, runningVar.value(), variance),
        List.of(runningMean.value(), runningVar.value()));
    Ops.into(new Arithmetic.Affine(1, 1), List.of(batches.value()), List.of(batches.value()));
  }

  /**
   * Returns the two numbers per channel, [C, 1, 1], to which normalising with the running
   * statistics comes down: {@code x · scale + shift}.
   */
  List<Tensor> scaleAndShift() {
    boolean recorded = Autograd.isRecording() && (weight.trainable() || bias.trainable());
    if (recorded) {
      return fold(List.of(weight.tensor(), bias.tensor(), runningMean.value(), runningVar.value()));
    }
    var inputs = List.of(weight.value(), bias.value(), runningMean.value(), runningVar.value());
    var known = folded;
    if (known == null || !known.isOf(inputs)) {
      known = new Folded(inputs, Scope.outside(() -> fold(inputs)));
      folded = known;
    }
    return known.scaleAndShift;
  }

  private List<Tensor> fold(List<Tensor> inputs) {
    return Ops.applyAll(scaleAndShift, inputs).stream().map(Conv2d::channels).toList();
  }

  /** Scale and shift as they follow from certain numbers: valid until one is overwritten. */
  private static final class Folded {
    final List<Tensor> scaleAndShift;
    private final List<Storage> storages;
    private final List<Integer> versions;
    private final Backend backend = Backends.current();

    Folded(List<Tensor> inputs, List<Tensor> scaleAndShift) {
      this.storages = inputs.stream().map(Tensor::storage).toList();
      this.versions = storages.stream().map(Storage::version).toList();
      this.scaleAndShift = scaleAndShift;
    }

    @SuppressWarnings("ReferenceEquality") // a storage is itself, whatever it holds
    boolean isOf(List<Tensor> inputs) {
      for (int i = 0; i < storages.size(); i++) {
        var storage = inputs.get(i).storage();
        if (storage != storages.get(i) || storage.version() != versions.get(i)) {
          return false;
        }
      }
      return backend == Backends.current();
    }
  }

  @Override
  protected String settings() {
    return channels + ", eps=" + settings.eps() + ", momentum=" + settings.momentum();
  }
}
