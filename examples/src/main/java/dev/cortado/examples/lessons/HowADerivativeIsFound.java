package dev.cortado.examples.lessons;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.GradCheck;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Lesson 3: how a derivative is recorded, and how one finds out whether it is right. */
public final class HowADerivativeIsFound {
  private HowADerivativeIsFound() {}

  /** Prints the lesson; writes its picture into the folder that is named, if one is. */
  public static void main(String[] args) {
    tiny();
    ours();
    measured();
    checked();
    if (args.length > 0) {
      Pictures.write(Path.of(args[0], "learn-03-steps.png"), Pictures.differences());
    }
  }

  private static void tiny() {
    var x = TinyAutograd.of(0.5);
    var w = TinyAutograd.of(-2);
    var b = TinyAutograd.of(1.5);
    var y = w.times(x).plus(b).tanh();
    y.backward();
    System.out.printf(Locale.ROOT, "tiny: y = %.4f, dy/dw = %.4f%n", y.value(), w.gradient());
    System.out.printf(
        Locale.ROOT, "      dy/dx = %.4f, dy/db = %.4f%n", x.gradient(), b.gradient());
  }

  private static void ours() {
    var x = Tensor.of(new double[] {0.5}, 1);
    var w = Autograd.track(Tensor.of(new double[] {-2}, 1));
    var b = Autograd.track(Tensor.of(new double[] {1.5}, 1));
    var y = w.mul(x).add(b).tanh().sum();
    var gradients = Autograd.backward(y);
    System.out.printf(
        Locale.ROOT, "ours: y = %.4f, dy/dw = %.4f%n", y.item(), gradients.of(w).item());
  }

  private static void measured() {
    double h = 1e-4;
    double rise = tanhOf(-2 + h) - tanhOf(-2 - h);
    System.out.printf(Locale.ROOT, "measured: dy/dw = %.4f%n", rise / (2 * h));
  }

  private static double tanhOf(double w) {
    return Math.tanh(w * 0.5 + 1.5);
  }

  private static void checked() {
    var x = Tensor.normal(RandomKey.of(1), 4, 3);
    var w = Tensor.normal(RandomKey.of(2), 3, 2);
    var report =
        GradCheck.DEFAULT.check(
            "softmax(x · w)",
            inputs -> List.of(inputs.get(0).matmul(inputs.get(1)).softmax(1)),
            List.of(x, w));
    System.out.println(report.compared() + " derivatives compared, all right: " + report.passed());
    System.out.println("seven digits agree: " + (report.worst() < 1e-7));
  }
}
