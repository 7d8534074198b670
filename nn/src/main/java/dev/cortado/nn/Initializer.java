package dev.cortado.nn;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.RandomOp.Distribution;
import dev.cortado.tensor.op.TensorSpec;
import java.util.Arrays;

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
    return uniform(-bound, bound);
  }

  /** Returns the uniform distribution over [low, high). */
  static Initializer uniform(double low, double high) {
    return (key, spec) ->
        random(Distribution.UNIFORM, key, spec).apply(new Arithmetic.Affine(high - low, low));
  }

  /** Returns the normal distribution with mean 0. */
  static Initializer normal(double standardDeviation) {
    return (key, spec) -> random(Distribution.NORMAL, key, spec).mul(standardDeviation);
  }

  /** Returns the normal distribution. */
  static Initializer normal(double mean, double standardDeviation) {
    return (key, spec) -> normal(standardDeviation).draw(key, spec).add(mean);
  }

  /**
   * Returns the normal distribution with mean 0, without the values beyond ±{@code cut}: these are
   * drawn again.
   */
  static Initializer truncatedNormal(double standardDeviation, double cut) {
    return truncatedNormal(0, standardDeviation, -cut, cut);
  }

  /**
   * Returns the normal distribution without the values outside [low, high]: these are drawn again.
   *
   * @throws dev.cortado.tensor.CortadoException when drawing, if hardly a value in a thousand would
   *     lie inside
   */
  static Initializer truncatedNormal(
      double mean, double standardDeviation, double low, double high) {
    return InitializerKernels.truncatedNormal(mean, standardDeviation, low, high);
  }

  /**
   * Returns He's initialisation: normal with deviation gain / √fan, so that a signal keeps its size
   * through many layers. He et al. 2015.
   *
   * @param fan inputs keep the size of what flows forward, outputs that of gradients
   * @param gain of what follows the layer: {@link Gain}
   */
  static Initializer kaimingNormal(Fan fan, double gain) {
    return (key, spec) -> normal(gain / Math.sqrt(fan.of(spec.shape()))).draw(key, spec);
  }

  /** Returns He's initialisation with a uniform distribution: in ±gain · √(3 / fan). */
  static Initializer kaimingUniform(Fan fan, double gain) {
    return (key, spec) -> uniform(gain * Math.sqrt(3.0 / fan.of(spec.shape()))).draw(key, spec);
  }

  /**
   * Returns He's initialisation for layers followed by a rectifier, scaled by the outputs: normal
   * with deviation √(2 / fan out). He et al. 2015.
   */
  static Initializer kaimingNormalFanOut() {
    return kaimingNormal(Fan.OUT, Gain.RELU);
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
    return xavierUniform(Gain.LINEAR);
  }

  /** Returns Glorot's initialisation: uniform in ±gain · √(6 / (fan in + fan out)). */
  static Initializer xavierUniform(double gain) {
    return (key, spec) -> uniform(gain * Math.sqrt(6 / fans(spec.shape()))).draw(key, spec);
  }

  /** Returns Glorot's initialisation, normal with deviation gain · √(2 / (fan in + fan out)). */
  static Initializer xavierNormal(double gain) {
    return (key, spec) -> normal(gain * Math.sqrt(2 / fans(spec.shape()))).draw(key, spec);
  }

  /**
   * Returns random orthogonal matrices, times {@code gain}: of a weight [out, in, …] as a matrix
   * [out, in · …], the rows or the columns, whichever are fewer, have length 1 and stand at right
   * angles. Uniform over all such matrices. Saxe et al. 2013.
   */
  static Initializer orthogonal(double gain) {
    return InitializerKernels.orthogonal(gain);
  }

  /** Returns the unit matrix: 1 on the diagonal, else 0. For weights of rank 2. */
  static Initializer eye() {
    return InitializerKernels.eye();
  }

  /**
   * Returns a convolution's weight that lets every channel through as it is: 1 in the middle of the
   * kernel from channel i to channel i, else 0.
   */
  static Initializer dirac() {
    return InitializerKernels.dirac();
  }

  /** Returns what {@code initializer} draws, with zeros in row {@code row} of the first axis. */
  static Initializer zeroRow(Initializer initializer, int row) {
    return (key, spec) -> {
      int[] column = new int[spec.shape().rank()];
      Arrays.fill(column, 1);
      column[0] = spec.shape().dim(0);
      byte[] chosen = new byte[column[0]];
      chosen[row] = 1;
      var zero = Tensor.full(Shape.SCALAR, spec.dtype(), 0);
      return Tensor.wrap(DType.BOOL, chosen, Shape.of(column))
          .where(zero, initializer.draw(key, spec));
    };
  }

  /** Which of a weight's sides counts. */
  enum Fan {
    /** The inputs of one output. */
    IN,
    /** The outputs that one input reaches. */
    OUT;

    /** Returns how many there are for a weight [out, in, …]. */
    int of(Shape weight) {
      return this == IN ? fanIn(weight) : fanOut(weight);
    }
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

  private static double fans(Shape weight) {
    return (double) fanIn(weight) + fanOut(weight);
  }

  private static Tensor random(Distribution distribution, RandomKey key, TensorSpec spec) {
    var floating = spec.dtype().isFloating() ? spec.dtype() : DType.F32;
    return Ops.apply(new RandomOp(distribution, key, spec.shape(), floating));
  }
}
