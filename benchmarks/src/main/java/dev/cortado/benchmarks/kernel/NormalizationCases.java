package dev.cortado.benchmarks.kernel;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.NormalizationOp;
import java.util.ArrayList;
import java.util.List;

/** Normalisations in training, forward and backward. */
final class NormalizationCases {
  private static final int[][] IMAGES = {{8, 96, 112, 112}, {32, 240, 28, 28}};
  private static final int[] TOKENS = {32, 197, 768};
  private static final int[] SCORES = {16, 12, 197, 197};

  private NormalizationCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    for (int[] shape : IMAGES) {
      // Forward reads x for the statistics, reads it again, and writes y; backward reads x and the
      // gradient twice and writes one: neither sum is known before everything was read once.
      cases.add(passes("batch norm + SiLU forward", shape, 3, () -> batchNorm(shape).forward()));
      cases.add(passes("batch norm + SiLU backward", shape, 5, () -> batchNorm(shape).backward()));
    }
    cases.add(passes("layer norm forward", TOKENS, 2, () -> layerNorm().forward()));
    cases.add(passes("layer norm backward", TOKENS, 3, () -> layerNorm().backward()));
    cases.add(passes("softmax forward", SCORES, 2, () -> softmax().forward()));
    cases.add(passes("softmax backward", SCORES, 3, () -> softmax().backward()));
    return cases;
  }

  private static KernelCase passes(
      String kernel, int[] shape, int passes, java.util.function.Supplier<Runnable> prepare) {
    double floats = passes;
    for (int size : shape) {
      floats *= size;
    }
    return KernelCase.floats(kernel, ElementwiseCases.text(shape), floats, prepare);
  }

  /** An op and its inputs. */
  private record Applied(NormalizationOp op, List<Tensor> inputs) {
    Runnable forward() {
      var rest = inputs.subList(1, inputs.size()).toArray(Tensor[]::new);
      return Cases.step(() -> inputs.getFirst().apply(op, rest));
    }

    Runnable backward() {
      var tracked = inputs.stream().map(Autograd::track).toList();
      var rest = tracked.subList(1, tracked.size()).toArray(Tensor[]::new);
      return Cases.backward(tracked.getFirst().apply(op, rest), tracked);
    }
  }

  private static Applied batchNorm(int[] shape) {
    var op = new NormalizationOp.BatchNorm(1e-3, new Activation.Silu().formula());
    return new Applied(
        op, List.of(Cases.images(shape), Cases.numbers(shape[1]), Cases.numbers(shape[1])));
  }

  private static Applied layerNorm() {
    int width = TOKENS[2];
    return new Applied(
        new NormalizationOp.LayerNorm(1e-6),
        List.of(Cases.numbers(TOKENS), Cases.numbers(width), Cases.numbers(width)));
  }

  private static Applied softmax() {
    return new Applied(new NormalizationOp.Softmax(3, false), List.of(Cases.numbers(SCORES)));
  }
}
