package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Compares gradients with differences: in F64, for every element of every floating input,
 *
 * <pre>
 * φ(x) = Σ c·f(x),   φ'(x) ≈ (8·(φ(x+h) − φ(x−h)) − (φ(x+2h) − φ(x−2h))) / 12h
 * </pre>
 *
 * <p>with random numbers c: a plain sum would not notice wrong gradients that cancel, such as those
 * of a softmax, whose results always sum to 1. The error of the difference is of the order h⁴. The
 * function must be smooth within 2h of the inputs: keep them away from kinks.
 *
 * <pre>{@code
 * GradCheck.DEFAULT.check("my loss", x -> List.of(myLoss(x.get(0), x.get(1))), inputs).orThrow();
 * }</pre>
 *
 * @param step h, for numbers around 1; larger ones are moved in proportion
 * @param tolerance the largest accepted error, relative to the larger of 1 and the derivative
 * @param key decides c
 */
public record GradCheck(double step, double tolerance, RandomKey key) {
  /** Steps of 3·10⁻⁴, and seven digits must agree. */
  public static final GradCheck DEFAULT = new GradCheck(3e-4, 1e-7, RandomKey.of(0));

  /** Returns this with another tolerance. */
  public GradCheck withTolerance(double other) {
    return new GradCheck(step, other, key);
  }

  /**
   * One element whose derivative is wrong.
   *
   * @param input the number of the input
   * @param index the element's index in it
   * @param gradient what autograd says
   * @param difference what the function says
   */
  public record Mismatch(int input, List<Integer> index, double gradient, double difference) {
    @Override
    public String toString() {
      return "input "
          + input
          + " at "
          + index
          + ": the gradient is "
          + gradient
          + ", differences say "
          + difference;
    }
  }

  /**
   * What was found.
   *
   * @param name of the function
   * @param compared the number of derivatives
   * @param worst the largest error, relative to the larger of 1 and the derivative
   */
  public record Report(String name, int compared, double worst, List<Mismatch> mismatches) {
    /** Copies the list. */
    public Report {
      mismatches = List.copyOf(mismatches);
    }

    /** Returns whether all derivatives agree. */
    public boolean passed() {
      return mismatches.isEmpty();
    }

    /**
     * Returns this.
     *
     * @throws CortadoException if a derivative is wrong: says of which function, by which input,
     *     where, and both values
     */
    public Report orThrow() {
      if (!passed()) {
        throw new CortadoException(toString());
      }
      return this;
    }

    @Override
    public String toString() {
      var line =
          String.format(
              Locale.ROOT, "%s: %d derivatives, worst relative error %.1e", name, compared, worst);
      return passed()
          ? line
          : line + "; " + mismatches.size() + " are wrong, first " + mismatches.getFirst();
    }
  }

  /** Checks an op. Integer inputs stay as they are. */
  public Report check(Op op, List<Tensor> inputs) {
    return check(op.toString(), x -> Ops.applyAll(op, x), inputs);
  }

  /**
   * Checks a function of tensors.
   *
   * @param name for the report
   * @param function computes its results, floating ones and others, from the inputs and nothing
   *     else
   * @param inputs where to check; they may have any layout
   */
  public Report check(String name, UnaryOperator<List<Tensor>> function, List<Tensor> inputs) {
    var exact = inputs.stream().map(x -> isFloating(x) ? x.detach().to(DType.F64) : x).toList();
    var gradients = gradients(function, exact);
    var mismatches = new ArrayList<Mismatch>();
    double worst = 0;
    int compared = 0;
    for (int i = 0; i < exact.size(); i++) {
      if (!isFloating(exact.get(i))) {
        continue;
      }
      double[] values = exact.get(i).toDoubles();
      double[] gradient = gradients.get(i).toDoubles();
      for (int at = 0; at < values.length; at++) {
        double difference = difference(function, exact, i, values, at);
        double size = Math.max(1, Math.max(Math.abs(gradient[at]), Math.abs(difference)));
        double error = Math.abs(gradient[at] - difference) / size;
        worst = Double.isNaN(error) ? error : Math.max(worst, error);
        compared++;
        if (!(error <= tolerance)) {
          var index = NonFinite.index(at, exact.get(i).shape());
          mismatches.add(new Mismatch(i, index, gradient[at], difference));
        }
      }
    }
    return new Report(name, compared, worst, mismatches);
  }

  /**
   * Checks the gradients of the gradients: {@link #check} of the function that returns the
   * gradients of Σ c·f by all floating inputs.
   */
  public Report checkSecond(
      String name, UnaryOperator<List<Tensor>> function, List<Tensor> inputs) {
    return check(name + ", second order", x -> firstOrder(function, x), inputs);
  }

  private List<Tensor> firstOrder(UnaryOperator<List<Tensor>> function, List<Tensor> inputs) {
    var leaves =
        inputs.stream()
            .map(x -> isFloating(x) && !Autograd.isTracked(x) ? Autograd.track(x) : x)
            .toList();
    return gradients(function.apply(leaves), leaves, true);
  }

  private List<Tensor> gradients(UnaryOperator<List<Tensor>> function, List<Tensor> inputs) {
    var leaves = inputs.stream().map(x -> isFloating(x) ? Autograd.track(x) : x).toList();
    var found = gradients(function.apply(leaves), leaves, false).iterator();
    // One for each input, so that their numbers are the same; integers have themselves.
    return inputs.stream().map(x -> isFloating(x) ? found.next() : x).toList();
  }

  private List<Tensor> gradients(List<Tensor> results, List<Tensor> leaves, boolean createGraph) {
    var outputs = results.stream().filter(GradCheck::isFloating).toList();
    var seeds = new ArrayList<Tensor>();
    for (int k = 0; k < outputs.size(); k++) {
      if (outputs.get(k).dtype() != DType.F64) {
        throw new CortadoException(
            "a gradient check needs F64 throughout; result " + k + " is " + outputs.get(k).spec());
      }
      seeds.add(Tensor.of(weights(k, outputs.get(k)), outputs.get(k).shape().toArray()));
    }
    var floating = leaves.stream().filter(GradCheck::isFloating).toList();
    return Autograd.gradients(outputs, floating, seeds, createGraph);
  }

  private double difference(
      UnaryOperator<List<Tensor>> function, List<Tensor> inputs, int i, double[] values, int at) {
    double h = step * Math.max(1, Math.abs(values[at]));
    double near =
        moved(function, inputs, i, values, at, h) - moved(function, inputs, i, values, at, -h);
    double far =
        moved(function, inputs, i, values, at, 2 * h)
            - moved(function, inputs, i, values, at, -2 * h);
    return (8 * near - far) / (12 * h);
  }

  /** Returns φ with one element moved by {@code distance}. */
  private double moved(
      UnaryOperator<List<Tensor>> function,
      List<Tensor> inputs,
      int i,
      double[] values,
      int at,
      double distance) {
    double[] changed = values.clone();
    changed[at] += distance;
    var arguments = new ArrayList<>(inputs);
    arguments.set(i, Tensor.of(changed, inputs.get(i).shape().toArray()));
    double sum = 0;
    int k = 0;
    for (var result : function.apply(arguments)) {
      if (isFloating(result)) {
        double[] weights = weights(k++, result);
        double[] numbers = result.toDoubles();
        for (int j = 0; j < numbers.length; j++) {
          sum += weights[j] * numbers[j];
        }
      }
    }
    return sum;
  }

  /** Returns c for floating result number {@code k}: between 0.5 and 1.5, either sign. */
  private double[] weights(int k, Tensor result) {
    var stream = key.split(k);
    double[] weights = new double[result.elements()];
    Arrays.setAll(weights, j -> (stream.word(j) < 0 ? -1 : 1) * (0.5 + stream.uniform(j)));
    return weights;
  }

  private static boolean isFloating(Tensor tensor) {
    return tensor.dtype().isFloating();
  }
}
