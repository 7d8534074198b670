package dev.cortado.nn;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.RandomOp.Distribution;
import dev.cortado.tensor.op.TensorSpec;

/**
 * How the first numbers of a parameter are drawn. The key belongs to the parameter's name, so the
 * same seed gives the same weights, whatever else the model consists of.
 */
@FunctionalInterface
public interface Initializer {
  /** All 0. */
  Initializer ZEROS = constant(0);

  /** All 1. */
  Initializer ONES = constant(1);

  /** Returns the first numbers. */
  Tensor draw(RandomKey key, TensorSpec spec);

  /** Returns the initialiser that sets every element to {@code value}. */
  static Initializer constant(double value) {
    return (key, spec) -> Tensor.full(spec.shape(), spec.dtype(), value);
  }

  /** Returns the uniform distribution over [−bound, bound). */
  static Initializer uniform(double bound) {
    return (key, spec) ->
        random(Distribution.UNIFORM, key, spec)
            .apply(new dev.cortado.tensor.op.Arithmetic.Affine(2 * bound, -bound));
  }

  /** Returns the normal distribution with mean 0. */
  static Initializer normal(double standardDeviation) {
    return (key, spec) -> random(Distribution.NORMAL, key, spec).mul(standardDeviation);
  }

  /**
   * Returns the normal distribution with mean 0, without the values beyond ±{@code cut}: these are
   * drawn again.
   */
  static Initializer truncatedNormal(double standardDeviation, double cut) {
    return (key, spec) -> {
      var result = Tensor.empty(spec.shape(), spec.dtype(), "truncatedNormal");
      if (result.storage() instanceof HostStorage host) {
        Parallel.ranges(
            host.size(),
            1 << 14,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                host.set(i, truncated(key, i, standardDeviation, cut));
              }
            });
      }
      return result;
    };
  }

  private static double truncated(RandomKey key, int index, double deviation, double cut) {
    double value = key.normal(index) * deviation;
    for (long attempt = 0; Math.abs(value) > cut; attempt++) {
      value = key.split(attempt).normal(index) * deviation;
    }
    return value;
  }

  /**
   * Returns He's initialisation for layers followed by a rectifier, scaled by the outputs: normal
   * with deviation √(2 / fan out). He et al. 2015.
   */
  static Initializer kaimingNormalFanOut() {
    return (key, spec) -> normal(Math.sqrt(2.0 / fanOut(spec.shape()))).draw(key, spec);
  }

  /** Returns torch's default for linear layers and convolutions: uniform in ±1/√(fan in). */
  static Initializer uniformFanIn() {
    return (key, spec) -> uniform(1 / Math.sqrt(fanIn(spec.shape()))).draw(key, spec);
  }

  /**
   * Returns Glorot's initialisation: uniform in ±√(6 / (fan in + fan out)). Glorot &amp; Bengio
   * 2010.
   */
  static Initializer xavierUniform() {
    return (key, spec) -> {
      double fans = (double) fanIn(spec.shape()) + fanOut(spec.shape());
      return uniform(Math.sqrt(6 / fans)).draw(key, spec);
    };
  }

  /** Returns the inputs of one output of a weight [out, in, …]. */
  static int fanIn(Shape weight) {
    return weight.elements() / Math.max(1, weight.dim(0));
  }

  /**
   * Returns the outputs that one input of a weight [out, in, …] reaches: out times the kernel's
   * area, as in torch not divided by the groups.
   */
  static int fanOut(Shape weight) {
    return weight.elements() / Math.max(1, weight.dim(1));
  }

  private static Tensor random(Distribution distribution, RandomKey key, TensorSpec spec) {
    var floating = spec.dtype().isFloating() ? spec.dtype() : DType.F32;
    return Ops.apply(new RandomOp(distribution, key, spec.shape(), floating));
  }
}
