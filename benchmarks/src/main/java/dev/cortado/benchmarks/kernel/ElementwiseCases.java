package dev.cortado.benchmarks.kernel;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Fused;
import dev.cortado.training.optim.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What touches every element once: sums, activations, copies, steps of optimisers. */
final class ElementwiseCases {
  private static final int[] LARGE = {8, 96, 112, 112};
  private static final int[] HIDDEN = {16, 197, 3072};
  private static final int[] HEADS = {32, 197, 12, 64};
  private static final int PARAMETERS = 4_000_000;

  private ElementwiseCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    cases.add(
        KernelCase.floats("GELU forward", text(HIDDEN), 2.0 * count(HIDDEN), () -> gelu(false)));
    cases.add(
        KernelCase.floats("GELU backward", text(HIDDEN), 3.0 * count(HIDDEN), () -> gelu(true)));
    cases.add(KernelCase.floats("add", text(LARGE), 3.0 * count(LARGE), ElementwiseCases::add));
    cases.add(KernelCase.floats("sum of all", text(LARGE), count(LARGE), () -> sum(false)));
    cases.add(KernelCase.floats("sum per channel", text(LARGE), count(LARGE), () -> sum(true)));
    cases.add(
        KernelCase.floats(
            "permute NCHW to NHWC",
            text(LARGE),
            2.0 * count(LARGE),
            () -> {
              var x = Cases.numbers(LARGE);
              return Cases.step(x::channelsLast);
            }));
    cases.add(
        KernelCase.floats(
            "permute NHWC to NCHW",
            text(LARGE),
            2.0 * count(LARGE),
            () -> {
              var x = Cases.images(LARGE);
              return Cases.step(x::contiguous);
            }));
    cases.add(
        KernelCase.floats(
            "transpose",
            "4096x4096",
            2.0 * 4096 * 4096,
            () -> {
              var x = Cases.numbers(4096, 4096).t();
              return Cases.step(x::contiguous);
            }));
    cases.add(
        KernelCase.floats(
            "permute heads",
            text(HEADS),
            2.0 * count(HEADS),
            () -> {
              var x = Cases.numbers(HEADS).permute(0, 2, 1, 3);
              return Cases.step(x::contiguous);
            }));
    cases.add(step("step of SGD with momentum", UpdateRule.Sgd.of(0.9)));
    cases.add(step("step of Adam", UpdateRule.Adam.standard()));
    cases.add(step("step of AdamW", UpdateRule.Adam.decoupled(0.01)));
    return cases;
  }

  private static Runnable gelu(boolean backward) {
    var x = Cases.numbers(HIDDEN);
    if (!backward) {
      return Cases.step(x::gelu);
    }
    var tracked = Autograd.track(x);
    return Cases.backward(tracked.gelu(), List.of(tracked));
  }

  private static Runnable add() {
    var a = Cases.images(LARGE);
    var b = Cases.images(LARGE);
    return Cases.step(() -> a.add(b));
  }

  private static Runnable sum(boolean perChannel) {
    var x = Cases.images(LARGE);
    return Cases.step(perChannel ? () -> x.sum(0, 2, 3) : x::sum);
  }

  /** A step reads the parameter, its gradient and the slots, and writes all but the gradient. */
  private static KernelCase step(String kernel, UpdateRule rule) {
    return KernelCase.floats(
        kernel,
        Integer.toString(PARAMETERS),
        (3.0 + 2 * rule.slots()) * PARAMETERS,
        () -> {
          var inputs = new ArrayList<Tensor>();
          for (int i = 0; i < 2 + rule.slots(); i++) {
            inputs.add(Cases.numbers(PARAMETERS).square());
          }
          var outputs = new ArrayList<>(inputs);
          outputs.remove(1);
          var op = new Fused(rule.formulas(1e-6, 1000), inputs.size());
          return () -> Ops.into(op, inputs, outputs);
        });
  }

  static double count(int[] shape) {
    return Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
  }

  static String text(int[] shape) {
    return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
