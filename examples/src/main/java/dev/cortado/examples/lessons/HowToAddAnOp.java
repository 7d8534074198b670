package dev.cortado.examples.lessons;

import static dev.cortado.tensor.formula.Formula.exp;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.GradCheck;
import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Lesson 5: an op of your own, proven. */
public final class HowToAddAnOp {
  private HowToAddAnOp() {}

  /** e to the power of −x²: a bump, 1 in the middle. */
  record Bump() implements Activation {
    @Override
    public Formula formula() {
      var x = input(0);
      return exp(x.times(x).times(-1));
    }
  }

  /** The elements of the last axis in reverse order. */
  record Reverse() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs; // shape and type stay
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return List.of(reversed(inputs.getFirst()));
    }

    @Override
    public List<Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return List.of(reversed(gradients.getFirst()));
    }

    static Tensor reversed(Tensor x) {
      int size = x.dim(-1);
      long[] order = new long[size];
      Arrays.setAll(order, i -> size - 1 - i);
      return x.indexSelect(-1, Tensor.of(order, size));
    }
  }

  /** The same with a mistake: the gradient is not turned round. */
  record ReverseWithAMistake() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return List.of(Reverse.reversed(inputs.getFirst()));
    }

    @Override
    public List<Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return gradients;
    }
  }

  /** Prints the lesson; writes its picture into the folder that is named, if one is. */
  public static void main(String[] args) {
    elementwise();
    anyOther();
    mistaken();
    if (args.length > 0) {
      Pictures.write(Path.of(args[0], "learn-05-bump.png"), Pictures.bump());
    }
  }

  private static void elementwise() {
    float[] y = Tensor.of(new float[] {-1, 0, 1}, 3).apply(new Bump()).toFloats();
    System.out.printf(Locale.ROOT, "bump: %.3f, %.3f, %.3f%n", y[0], y[1], y[2]);

    var numbers = Tensor.normal(RandomKey.of(1), 3, 4);
    var report = GradCheck.DEFAULT.check(new Bump(), List.of(numbers));
    System.out.println("its derivative is right: " + report.passed());

    var network =
        new Sequential(new Linear(4, 8), new ActivationLayer(new Bump()), new Linear(8, 1));
    Layer.initialized(network, RandomKey.of(2));
    var gradients = Autograd.backward(network.apply(numbers).square().sum());
    System.out.println("gradients in a network: " + gradients.size());
  }

  private static void anyOther() {
    var x = Tensor.of(new float[] {1, 2, 3, 4}, 4);
    System.out.println("reverse: " + Arrays.toString(x.apply(new Reverse()).toFloats()));
    var report = GradCheck.DEFAULT.check(new Reverse(), List.of(x));
    System.out.println("its derivative is right: " + report.passed());
  }

  private static void mistaken() {
    var x = Tensor.of(new float[] {1, 2, 3, 4}, 4);
    var report = GradCheck.DEFAULT.check(new ReverseWithAMistake(), List.of(x));
    System.out.println(
        "with the mistake: "
            + report.mismatches().size()
            + " of "
            + report.compared()
            + " derivatives are wrong");
    // A sum of all elements does not notice: turned round or not, all its derivatives are 1.
    var leaf = Autograd.track(x);
    var sum = leaf.apply(new ReverseWithAMistake()).sum();
    System.out.println(
        "seen through a sum: " + Arrays.toString(Autograd.backward(sum).of(leaf).toFloats()));
  }
}
