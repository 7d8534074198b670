package dev.cortado.benchmarks.kernel;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import java.util.ArrayList;
import java.util.List;

/** Attention of vision transformers: 197 tokens, heads of 64 numbers. */
final class AttentionCases {
  private static final int TOKENS = 197;
  private static final int SIZE = 64;
  private static final int HEADS = 12;

  private AttentionCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    for (int batch : new int[] {1, 8}) {
      var shape = "%dx%dx%dx%d".formatted(batch, HEADS, TOKENS, SIZE);
      // Two products forward; backward four, and q · kᵀ again.
      double product = 2.0 * batch * HEADS * TOKENS * TOKENS * SIZE;
      cases.add(KernelCase.flops("attention forward", shape, 2 * product, () -> forward(batch)));
      cases.add(KernelCase.flops("attention backward", shape, 5 * product, () -> backward(batch)));
    }
    return cases;
  }

  private static Runnable forward(int batch) {
    var q = heads(batch);
    var k = heads(batch);
    var v = heads(batch);
    return Cases.step(() -> attention(q, k, v));
  }

  private static Runnable backward(int batch) {
    var inputs = List.of(track(batch), track(batch), track(batch));
    return Cases.backward(attention(inputs.get(0), inputs.get(1), inputs.get(2)), inputs);
  }

  private static Tensor track(int batch) {
    return Autograd.track(heads(batch));
  }

  private static Tensor heads(int batch) {
    return Cases.numbers(batch, HEADS, TOKENS, SIZE);
  }

  private static Tensor attention(Tensor q, Tensor k, Tensor v) {
    return q.apply(new AttentionOp.Attention(1 / Math.sqrt(SIZE)), k, v);
  }
}
