package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.ShapeOnlyStorage;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.spi.Backend;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation, one mean and variance per channel: {@code (x − mean) / √(variance + eps) ·
 * weight + bias}. In training: those of the batch (biased variance), which also move the running
 * ones, {@code running = (1 − momentum) · running + momentum · batch} (unbiased variance). In
 * evaluation and when frozen: the running ones. Ioffe &amp; Szegedy 2015.
 */
public abstract sealed class BatchNorm extends Layer permits BatchNorm1d, BatchNorm2d {
  private static final Formula IDENTITY = input(0);

  /**
   * The numbers that batch norms of one model share.
   *
   * @param eps added to the variance
   * @param momentum share of the batch in the running statistics; null for the average of all
   *     batches so far
   * @param affine whether there are a weight and a bias
   * @param tracked whether there are running statistics; without them the batch's own serve always
   */
  public record Settings(double eps, @Nullable Double momentum, boolean affine, boolean tracked) {
    /** torch's defaults. */
    public static final Settings DEFAULT = new Settings(1e-5, 0.1);

    /** With weight, bias and running statistics. */
    public Settings(double eps, @Nullable Double momentum) {
      this(eps, momentum, true, true);
    }

    /**
     * Checks the numbers.
     *
     * @throws CortadoException if eps is negative or the momentum lies outside of 0 … 1
     */
    public Settings {
      if (!(eps >= 0) || (momentum != null && !(momentum >= 0 && momentum <= 1))) {
        throw new CortadoException(
            "a batch norm needs eps of at least 0 and a momentum between 0 and 1, got "
                + eps
                + " and "
                + momentum);
      }
    }

    /** Returns this with running statistics that are the average of all batches so far. */
    public Settings withCumulativeAverage() {
      return new Settings(eps, null, affine, tracked);
    }

    /** Returns this without weight and bias. */
    public Settings withoutAffine() {
      return new Settings(eps, momentum, false, tracked);
    }

    /** Returns this without running statistics. */
    public Settings withoutTracking() {
      return new Settings(eps, momentum, affine, false);
    }
  }

  /** The running statistics, and how many batches they have seen. */
  private record Running(Buffer mean, Buffer variance, Buffer batches) {}

  private final int channels;
  private final Settings settings;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final @Nullable Running running;
  private final Fused scaleAndShift;
  private volatile @Nullable Folded folded;

  /** Creates a batch norm. */
  BatchNorm(int channels, Settings settings) {
    this.channels = channels;
    this.settings = settings;
    this.weight = settings.affine() ? parameter("weight", Initializer.ONES, channels) : null;
    this.bias = settings.affine() ? parameter("bias", Initializer.ZEROS, channels) : null;
    this.running =
        settings.tracked()
            ? new Running(
                buffer("running_mean", Initializer.ZEROS, channels),
                buffer("running_var", Initializer.ONES, channels),
                counter("num_batches_tracked"))
            : null;
    // Inputs: weight, bias, mean, variance.
    var scale = input(0).dividedBy(Formula.sqrt(input(3).plus(settings.eps())));
    this.scaleAndShift = new Fused(List.of(scale, input(1).minus(input(2).times(scale))), 4);
  }

  /** Returns the number of channels. */
  public final int channels() {
    return channels;
  }

  /** Returns the settings. */
  public final Settings batchNormSettings() {
    return settings;
  }

  /** Returns whether the statistics of the batch count now, not the running ones. */
  final boolean usesBatch() {
    return isTraining() || running == null;
  }

  /** Normalises an image batch [N, C, H, W]. */
  final Tensor normalizeImages(Tensor x) {
    if (usesBatch()) {
      return normalize(x, IDENTITY);
    }
    var affine = scaleAndShift();
    return x.apply(Affine.OP, affine.get(0), affine.get(1));
  }

  private static final class Affine {
    static final Fused OP = Fused.of(3, input(0).times(input(1)).plus(input(2)));
  }

  /** Normalises with the batch's statistics, moves the running ones, then applies a formula. */
  final Tensor normalize(Tensor x, Formula activation) {
    var results =
        Ops.applyAll(
            new NormalizationOp.BatchNorm(settings.eps(), activation),
            List.of(x, orConstant(weight, 1, x), orConstant(bias, 0, x)));
    if (isTraining() && running != null) {
      var mean = results.get(1).detach();
      moveRunning(running, mean, results.get(2).detach(), x.elements() / channels);
    }
    return results.get(0);
  }

  private Tensor orConstant(@Nullable Parameter parameter, double otherwise, Tensor x) {
    return parameter != null
        ? parameter.tensor()
        : Tensor.full(Shape.of(channels), x.dtype(), otherwise);
  }

  private void moveRunning(Running running, Tensor mean, Tensor variance, int count) {
    if (Autograd.isRecomputing()) {
      return; // a checkpoint has seen this batch before
    }
    if (mean.storage() instanceof ShapeOnlyStorage) {
      return; // nobody computes: nothing moves
    }
    var now = running.batches().value();
    Ops.into(new Arithmetic.Affine(1, 1), List.of(now), List.of(now));
    var momentum = settings.momentum();
    double m = momentum != null ? momentum : 1 / now.item();
    double unbiased = count / (count - 1.0);
    // Inputs: running mean, mean, running variance, variance.
    var newMean = input(0).times(1 - m).plus(input(1).times(m));
    var newVariance = input(2).times(1 - m).plus(input(3).times(m * unbiased));
    Ops.into(
        new Fused(List.of(newMean, newVariance), 4),
        List.of(running.mean().value(), mean, running.variance().value(), variance),
        List.of(running.mean().value(), running.variance().value()));
  }

  /**
   * Returns the two numbers per channel, [C, 1, 1], to which normalising with the running
   * statistics comes down: {@code x · scale + shift}.
   */
  final List<Tensor> scaleAndShift() {
    var fixed = Objects.requireNonNull(running, "running statistics");
    var mean = fixed.mean().value();
    if (weight == null || bias == null || varies(weight) || varies(bias)) {
      var inputs =
          List.of(
              orConstant(weight, 1, mean),
              orConstant(bias, 0, mean),
              mean,
              fixed.variance().value());
      return fold(inputs);
    }
    var inputs = List.of(weight.value(), bias.value(), mean, fixed.variance().value());
    var known = folded;
    if (known == null || !known.isOf(inputs)) {
      known = new Folded(inputs, Scope.outside(() -> fold(inputs)));
      folded = known;
    }
    return known.scaleAndShift;
  }

  private static boolean varies(Parameter parameter) {
    return parameter.isSubstituted() || (Autograd.isRecording() && parameter.trainable());
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
    return channels
        + ", eps="
        + settings.eps()
        + ", momentum="
        + settings.momentum()
        + (settings.affine() ? "" : ", no affine")
        + (settings.tracked() ? "" : ", not tracked");
  }
}
