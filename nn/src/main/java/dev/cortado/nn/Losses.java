package dev.cortado.nn;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ReductionOp;
import java.util.List;

/** Losses: how wrong a batch of outputs is, as one number that training makes smaller. */
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
    int classes = logits.dim(1);
    Formula target = input(1).times(1 - labelSmoothing).plus(labelSmoothing / classes);
    var term = input(0).times(target);
    var all = Axes.resolve(logits.shape());
    var sum = new ReductionOp.SumOf(List.of(term), 2, all, false);
    return logits.logSoftmax(1).apply(sum, probabilities).mul(-1.0 / logits.dim(0));
  }
}
