package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.ShapeOnlyStorage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Losses of choosing among classes, with all that torch knows. Outputs are [N, K], [N, K, d…] for a
 * choice at every place, or [K] for a single one.
 *
 * <p>For labels y with weights w and smoothing e, the loss of one row is {@code (1 − e) · w_y ·
 * (−log p_y) + e/K · Σ_c w_c · (−log p_c)}, and the mean divides by the sum of the w_y of the rows
 * that count. For probabilities t it is {@code −Σ_c w_c · t'_c · log p_c} with {@code t' = (1 − e)
 * · t + e/K}, and the mean divides by the number of rows.
 *
 * @param weights one weight per class [K], or null
 * @param ignored rows with this label count for nothing; if all have it, the mean is NaN
 * @param smoothing how much of each target is spread over all classes, 0 to 1. Szegedy et al. 2015
 */
public record ClassLoss(
    @Nullable Tensor weights, long ignored, double smoothing, Reduction reduction) {
  /** The mean over all rows but those labelled −100, neither weighted nor smoothed. */
  public static final ClassLoss STANDARD = new ClassLoss(null, -100, 0, Reduction.MEAN);

  /** Checks the numbers. */
  public ClassLoss {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new CortadoException("label smoothing must be between 0 and 1, got " + smoothing);
    }
    if (weights != null && weights.rank() != 1) {
      throw new CortadoException("class weights must be [classes], got " + weights.spec());
    }
  }

  /** Returns this with one weight per class. */
  public ClassLoss withWeights(Tensor weights) {
    return new ClassLoss(weights, ignored, smoothing, reduction);
  }

  /** Returns this leaving out rows with the label {@code ignored}. */
  public ClassLoss ignoring(long ignored) {
    return new ClassLoss(weights, ignored, smoothing, reduction);
  }

  /** Returns this with smoothed targets. */
  public ClassLoss withSmoothing(double smoothing) {
    return new ClassLoss(weights, ignored, smoothing, reduction);
  }

  /** Returns this with another reduction. */
  public ClassLoss withReduction(Reduction reduction) {
    return new ClassLoss(weights, ignored, smoothing, reduction);
  }

  /**
   * Returns the cross-entropy of the softmax of {@code logits}.
   *
   * @param target labels (I64) of the logits' shape without its axis of classes, or probabilities
   *     of the logits' shape
   */
  public Tensor crossEntropy(Tensor logits, Tensor target) {
    var rows = rows(logits);
    var logarithms = rows.logSoftmax(1);
    if (target.dtype() == DType.I64) {
      return ofLabels(logits, logarithms, target);
    }
    if (!target.shape().equals(logits.shape())) {
      throw misfit(logits, target);
    }
    return ofProbabilities(logits, logarithms, rows(target));
  }

  /**
   * Returns the negative log-likelihood: {@link #crossEntropy} for outputs that are logarithms of
   * probabilities already.
   *
   * @param labels I64, of the outputs' shape without its axis of classes
   */
  public Tensor negativeLogLikelihood(Tensor logarithms, Tensor labels) {
    return ofLabels(logarithms, rows(logarithms), labels);
  }

  /** Returns [N·d…, K]. */
  private static Tensor rows(Tensor x) {
    if (x.rank() == 0) {
      throw new CortadoException("outputs must be [N, classes], got a scalar");
    }
    if (x.rank() <= 2) {
      return x.rank() == 2 ? x : x.unsqueeze(0);
    }
    int[] order = new int[x.rank()];
    for (int i = 1; i < order.length; i++) {
      order[i] = i == order.length - 1 ? 1 : i + 1;
    }
    return x.permute(order).reshape(-1, x.dim(1));
  }

  /** Returns the shape of {@code x} without its axis of classes. */
  private static Shape places(Tensor x) {
    return x.rank() == 1 ? Shape.SCALAR : new Axes(List.of(1)).reduce(x.shape(), false);
  }

  private static CortadoException misfit(Tensor outputs, Tensor target) {
    return new CortadoException(
        "got outputs "
            + outputs.spec()
            + " and targets "
            + target.spec()
            + "; expected labels I64"
            + places(outputs)
            + ", or probabilities of the outputs' shape");
  }

  private Tensor weights(Tensor outputs, int classes) {
    if (weights == null) {
      return Tensor.full(Shape.of(1), outputs.dtype(), 1).expand(classes);
    }
    if (weights.dim(0) != classes) {
      throw new CortadoException(
          "got " + weights.dim(0) + " class weights for " + classes + " classes");
    }
    return weights.to(outputs.dtype());
  }

  /**
   * Throws unless every label is the number of a class, or {@code ignored}. The ops would notice,
   * too, but know nothing of classes.
   */
  static void requireLabels(Tensor labels, int classes, @Nullable Long ignored) {
    if (labels.storage() instanceof ShapeOnlyStorage) {
      return;
    }
    long[] values = labels.toLongs();
    for (int i = 0; i < values.length; i++) {
      boolean fits = values[i] >= 0 && values[i] < classes;
      if (!fits && (ignored == null || values[i] != ignored)) {
        throw new CortadoException(
            "crossEntropy: label %d (number %d of %d) is none of the %d classes 0 … %d"
                .formatted(values[i], i, values.length, classes, classes - 1));
      }
    }
  }

  private Tensor ofLabels(Tensor outputs, Tensor logarithms, Tensor target) {
    if (target.dtype() != DType.I64 || !target.shape().equals(places(outputs))) {
      throw misfit(outputs, target);
    }
    int classes = logarithms.dim(1);
    requireLabels(target, classes, ignored);
    var labels = target.reshape(-1);
    var never = Tensor.full(Shape.SCALAR, DType.I64, ignored);
    var left = labels.apply(new Arithmetic.Binary(BinaryFunction.EQUAL), never);
    var label = left.where(Tensor.full(Shape.SCALAR, DType.I64, 0), labels);
    var zero = Tensor.full(Shape.SCALAR, logarithms.dtype(), 0);
    var weight = left.where(zero, weights(outputs, classes).indexSelect(0, label));
    var picked =
        logarithms.apply(new IndexOp.Gather(1), label.unsqueeze(1)).squeeze(1).mul(smoothing - 1);
    // Not weight · picked: of a row that is left out, 0 · ∞ would remain.
    var losses = left.where(zero, picked.mul(weight));
    if (smoothing > 0) {
      var all = weighted(logarithms, weights(outputs, classes)).mul(-smoothing / classes);
      losses = losses.add(left.where(zero, all));
    }
    return switch (reduction) {
      case MEAN -> losses.sum().div(weight.sum());
      case SUM -> losses.sum();
      case NONE -> losses.reshape(places(outputs).toArray());
    };
  }

  private static Tensor weighted(Tensor rows, Tensor weights) {
    return rows.apply(
        new ReductionOp.SumOf(List.of(input(0).times(input(1))), 2, new Axes(List.of(1)), false),
        weights);
  }

  private Tensor ofProbabilities(Tensor outputs, Tensor logarithms, Tensor probabilities) {
    int classes = logarithms.dim(1);
    Formula target = input(1).times(1 - smoothing).plus(smoothing / classes);
    boolean weighted = weights != null;
    var plain = input(0).times(target);
    var term = weighted ? plain.times(input(2)) : plain;
    // A class of probability 0 adds nothing, even if its logarithm is −∞.
    var safe = Formula.select(target.equalTo(constant(0)), constant(0), term);
    var axes = reduction == Reduction.NONE ? List.of(1) : List.of(0, 1);
    var sum = new ReductionOp.SumOf(List.of(safe), weighted ? 3 : 2, new Axes(axes), false);
    var total =
        weighted
            ? logarithms.apply(sum, probabilities, weights(outputs, classes))
            : logarithms.apply(sum, probabilities);
    return switch (reduction) {
      case MEAN -> total.mul(-1.0 / logarithms.dim(0));
      case SUM -> total.neg();
      case NONE -> total.neg().reshape(places(outputs).toArray());
    };
  }
}
