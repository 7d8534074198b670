package dev.cortado.simd;

import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Window2d;
import java.util.Arrays;
import java.util.List;

/** A loop of steps with a bit of everything in them, whose result is one number for all bits. */
final class StepProgram {
  private static final Fused UPDATE = Fused.of(2, input(0).times(0.9).plus(input(1).times(0.01)));

  private StepProgram() {}

  /** Prints the digest of a few steps. */
  public static void main(String[] arguments) {
    System.out.println(digest(4));
  }

  /** Returns a number that depends on every bit of the state after {@code steps} steps. */
  static long digest(int steps) {
    return Backends.with(
        SimdBackend.INSTANCE,
        () -> {
          var state = Tensor.normal(RandomKey.of(1), 65, 33);
          for (int i = 0; i < steps; i++) {
            step(state, RandomKey.of(2).split(i));
          }
          return (long) Arrays.hashCode(state.toFloats());
        });
  }

  /** Changes {@code state} [65, 33] in place. */
  static void step(Tensor state, RandomKey key) {
    try (var scope = Scope.open()) {
      var noise = Tensor.uniform(key, 33, 65);
      var scores = state.matmul(noise).mul(0.2).softmax(-1).matmul(state);
      var images = scores.reshape(1, 5, 13, 33).silu();
      var kernel = Tensor.normal(key.split("kernel"), 7, 5, 3, 3);
      var features = images.conv2d(kernel, Window2d.of(2, 1), 1);
      var normal =
          Ops.applyAll(
              new NormalizationOp.BatchNorm(1e-5, new Activation.Gelu().formula()),
              List.of(features, Tensor.ones(7), Tensor.zeros(7)));
      var size = normal.getFirst().exp().sum().log().add(normal.get(1).tanh().sum());
      var change = Ops.apply(new NormalizationOp.LayerNorm(1e-5), scores, ones(), ones()).mul(size);
      Ops.into(UPDATE, List.of(state, change), List.of(state));
    }
  }

  private static Tensor ones() {
    return Tensor.ones(33);
  }
}
