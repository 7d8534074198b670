package dev.cortado.examples.lessons;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Activation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;

/** Lesson 2: from a formula to the loop that computes it. */
public final class HowAnOpRuns {
  private HowAnOpRuns() {}

  /** Prints the lesson; writes its picture into the folder that is named, if one is. */
  public static void main(String[] args) {
    theGate();
    formula();
    twoBackends();
    if (args.length > 0) {
      Pictures.write(Path.of(args[0], "learn-02-silu.png"), Pictures.silu());
    }
  }

  private static void theGate() {
    var x = Tensor.of(new float[] {-1, 0, 2}, 3);
    var seen = new ArrayList<String>();
    var sum =
        Ops.observed(
            (op, inputs) -> {
              seen.add(op.getClass().getSimpleName());
              return Ops.applyTraced(op, inputs);
            },
            () -> x.mul(3).silu().sum());
    System.out.println("ops: " + seen);
    System.out.printf(Locale.ROOT, "result: %.4f%n", sum.item());
  }

  private static void formula() {
    Formula silu = new Activation.Silu().formula();
    var program = Program.of(silu);
    for (int i = 0; i < program.code().size(); i++) {
      System.out.println(i + ": " + program.code().get(i));
    }
    System.out.printf(Locale.ROOT, "silu(2)  = %.6f%n", program.evaluate(2)[0]);
    System.out.printf(Locale.ROOT, "by hand  = %.6f%n", 2 / (1 + Math.exp(-2)));

    Formula slope = Derivative.of(silu, 0);
    System.out.printf(Locale.ROOT, "silu'(2) = %.6f%n", Program.of(slope).evaluate(2)[0]);
    double h = 1e-5;
    double rise = program.evaluate(2 + h)[0] - program.evaluate(2 - h)[0];
    System.out.printf(Locale.ROOT, "measured = %.6f%n", rise / (2 * h));
  }

  private static void twoBackends() {
    var x = Tensor.normal(RandomKey.of(1), 100_000);
    var defined = Backends.with(Backends.reference(), () -> x.silu());
    var fast = x.silu(); // whatever is fastest on this machine
    var exact = x.to(DType.F64).silu();
    System.out.println("they agree to six digits: " + (largest(defined, fast) < 1e-6));
    System.out.println("with double precision too: " + (largest(exact.to(DType.F32), fast) < 1e-6));
  }

  private static double largest(Tensor a, Tensor b) {
    return Arrays.stream(a.sub(b).abs().toDoubles()).max().orElse(0);
  }
}
