package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.Loss;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Losses: how wrong a batch of outputs is, as one number that training makes smaller. Class
 * weights, labels to ignore and choices at every place of an image are in {@link ClassLoss}.
 */
public final class Losses {
  private Losses() {}

  /**
   * Returns the mean cross-entropy {@code −log softmax(logits)[label]} of a batch.
   *
   * @param logits [N, classes]
   * @param labels I64 [N], each in 0 … classes − 1
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return crossEntropy(logits, labels, 0);
  }

  /**
   * Returns the mean cross-entropy with smoothed labels: the target probability of the label's
   * class is {@code 1 − smoothing + smoothing / classes}, of the others {@code smoothing /
   * classes}. Szegedy et al. 2015.
   *
   * @param logits [N, classes]
   * @param labels I64 [N], each in 0 … classes − 1
   * @param labelSmoothing between 0 (none) and 1
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels, double labelSmoothing) {
    boolean fits =
        logits.rank() == 2
            && labels.rank() == 1
            && labels.dtype() == DType.I64
            && labels.dim(0) == logits.dim(0);
    if (!fits) {
      throw new CortadoException(
          "crossEntropy: got logits "
              + logits.spec()
              + " and labels "
              + labels.spec()
              + "; expected logits [N, classes] and labels I64[N]");
    }
    ClassLoss.requireLabels(labels, logits.dim(1), null);
    var targets = labels.oneHot(logits.dim(1)).to(logits.dtype());
    return crossEntropyOf(logits, targets, labelSmoothing);
  }

  /**
   * Returns the mean cross-entropy {@code −Σ t · log softmax(logits)} against target probabilities
   * t, smoothed as in {@link #crossEntropy(Tensor, Tensor, double)}; what mixed images need.
   *
   * @param logits [N, classes]
   * @param probabilities [N, classes]
   */
  public static Tensor crossEntropyOf(Tensor logits, Tensor probabilities, double labelSmoothing) {
    boolean fits =
        logits.rank() == 2
            && probabilities.shape().equals(logits.shape())
            && probabilities.dtype().isFloating();
    if (!fits) {
      throw new CortadoException(
          "crossEntropyOf: got logits "
              + logits.spec()
              + " and probabilities "
              + probabilities.spec()
              + "; expected both [N, classes]");
    }
    return ClassLoss.STANDARD.withSmoothing(labelSmoothing).crossEntropy(logits, probabilities);
  }

  /** Returns (x − target)². One of the two may broadcast to the other. */
  public static Tensor squaredError(Tensor x, Tensor target, Reduction reduction) {
    return reduce(new Loss.SquaredError(), reduction, x, target);
  }

  /** Returns |x − target|. One of the two may broadcast to the other. */
  public static Tensor absoluteError(Tensor x, Tensor target, Reduction reduction) {
    return reduce(new Loss.AbsoluteError(), reduction, x, target);
  }

  /**
   * Returns, with d = |x − target|, d² / 2 where d &lt; {@code delta}, else {@code delta · (d −
   * delta/2)}. Huber 1964.
   */
  public static Tensor huber(Tensor x, Tensor target, double delta, Reduction reduction) {
    requirePositive("huber", "delta", delta);
    return reduce(new Loss.Huber(delta), reduction, x, target);
  }

  /**
   * Returns, with d = |x − target|, d² / (2 beta) where d &lt; {@code beta}, else {@code d −
   * beta/2}; with beta 0 the absolute error. Girshick 2015.
   */
  public static Tensor smoothL1(Tensor x, Tensor target, double beta, Reduction reduction) {
    if (beta != 0) {
      requirePositive("smoothL1", "beta", beta);
    }
    return reduce(new Loss.SmoothL1(beta), reduction, x, target);
  }

  private static void requirePositive(String loss, String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new CortadoException(loss + ": " + name + " must be a positive number, got " + value);
    }
  }

  /**
   * Returns the binary cross-entropy of probabilities that are given as logits: {@code −t · ln σ(x)
   * − (1 − t) · ln(1 − σ(x))}, for many yes-or-no questions at once.
   *
   * @param targets between 0 and 1, of the logits' shape
   * @param positiveWeight multiplies the first part; broadcasts to the logits; null for 1
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor logits, Tensor targets, @Nullable Tensor positiveWeight, Reduction reduction) {
    // Logits [N, 1] and targets [N] would broadcast to all pairs, and training would learn nothing.
    if (!targets.shape().equals(logits.shape())) {
      throw new CortadoException(
          "binaryCrossEntropyWithLogits: got logits "
              + logits.spec()
              + " and targets "
              + targets.spec()
              + "; expected equal shapes");
    }
    return positiveWeight == null
        ? reduce(new Loss.BceWithLogits(false), reduction, logits, targets)
        : reduce(new Loss.BceWithLogits(true), reduction, logits, targets, positiveWeight);
  }

  /**
   * Returns the Kullback-Leibler divergence {@code t · (ln t − x)} of log-probabilities x from the
   * target t. Its mean is over all elements; the divergence of distributions is the sum divided by
   * their number.
   *
   * @param logTarget whether targets are logarithms, too
   */
  public static Tensor klDivergence(
      Tensor logarithms, Tensor targets, boolean logTarget, Reduction reduction) {
    return reduce(new Loss.KlDivergence(logTarget), reduction, logarithms, targets);
  }

  /** Outputs [N, 1] and targets [N] would give all N·N pairs, and training would learn nothing. */
  private static Shape common(Loss loss, Tensor x, Tensor target) {
    var shape = Shape.broadcast(loss.name(), x.shape(), target.shape());
    if (!shape.equals(x.shape()) && !shape.equals(target.shape())) {
      throw new CortadoException(
          loss.name()
              + ": got outputs "
              + x.spec()
              + " and targets "
              + target.spec()
              + ", which would be compared each with each, as "
              + shape
              + "; reshape one to the shape of the other");
    }
    return shape;
  }

  /** Sums in the pass that computes the losses. */
  private static Tensor reduce(Loss loss, Reduction reduction, Tensor x, Tensor... others) {
    var shape = common(loss, x, others[0]);
    if (reduction == Reduction.NONE) {
      return x.apply(loss, others);
    }
    for (var other : others) {
      shape = Shape.broadcast(loss.name(), shape, other.shape());
    }
    var sum =
        new ReductionOp.SumOf(
            List.of(loss.formula()), 1 + others.length, Axes.resolve(shape), false);
    var total = x.apply(sum, others);
    return reduction == Reduction.SUM ? total : total.mul(1.0 / shape.elements());
  }
}
