package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Arithmetic;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final RandomKey KEY = RandomKey.of(3);
  private static final int ROWS = 256;
  private static final int WIDTH = 64;
  private static final int BLOCKS = 8;

  private static Tensor random(String name, int... shape) {
    return Tensor.normal(KEY.split(name), shape).mul(0.2);
  }

  /** Branches, parts, views and shared tensors: whatever may be at the border of a block. */
  private static Tensor block(Tensor x, Tensor w, Tensor outside) {
    var h = x.matmul(w).silu();
    var parts = Tensor.cat(1, List.of(h.narrow(1, 32, 32), h.narrow(1, 0, 32)));
    return x.add(parts.mul(outside).gelu()).add(x.narrow(1, 0, 1)).softmax(1).exp();
  }

  private record Run(List<float[]> gradients) {}

  private static Run run(boolean checkpointed) {
    var x = Autograd.track(random("x", ROWS, WIDTH));
    var weights = new ArrayList<Tensor>();
    var captured = Autograd.track(random("c", WIDTH));
    var outside = captured.exp(); // tracked, made outside, not an input of the blocks
    var y = x;
    for (int i = 0; i < BLOCKS; i++) {
      var w = Autograd.track(random("w" + i, WIDTH, WIDTH));
      weights.add(w);
      UnaryOperator<Tensor> block = in -> block(in, w, outside);
      y = checkpointed ? Autograd.checkpoint(y, block) : block.apply(y);
    }
    var gradients = Autograd.backward(y.square().mean().add(outside.sum()));
    var found = new ArrayList<float[]>();
    found.add(gradients.of(x).toFloats());
    found.add(gradients.of(captured).toFloats());
    weights.forEach(w -> found.add(gradients.of(w).toFloats()));
    return new Run(found);
  }

  private static void assertSame(Run actual, Run expected) {
    assertThat(actual.gradients.toArray(float[][]::new))
        .isDeepEqualTo(expected.gradients.toArray(float[][]::new));
  }

  @Test
  void gradientsAreTheSameToTheBit() {
    var expected = run(false);
    assertSame(run(true), expected);
    for (int i = 0; i < 3; i++) {
      try (var scope = Scope.open()) {
        assertSame(run(true), expected);
      }
    }
  }

  /** Returns the largest number of elements alive after any op, of those that ops made. */
  private static long peak(Supplier<?> body) {
    var made = new IdentityHashMap<Object, Tensor>();
    long[] peak = new long[1];
    try (var scope = Scope.open()) {
      Ops.observed(
          (op, inputs) -> {
            var results = Ops.applyTraced(op, inputs);
            results.forEach(r -> made.put(r.storage(), r.detach()));
            made.values().removeIf(t -> !isAlive(t));
            long alive = made.values().stream().mapToLong(t -> t.storage().size()).sum();
            peak[0] = Math.max(peak[0], alive);
            return results;
          },
          body);
    }
    return peak[0];
  }

  private static boolean isAlive(Tensor tensor) {
    try {
      return tensor.host().array() != null;
    } catch (CortadoException stale) {
      return false;
    }
  }

  @Test
  void memoryIsLower() {
    long without = peak(() -> run(false));
    long with = peak(() -> run(true));
    // The weights, their gradients and the blocks' borders stay; the rest is one block's.
    assertThat(with).isLessThan(without / 2);
  }

  @Test
  void onlyResultsOutliveBackwardInsideAScope() {
    try (var scope = Scope.open()) {
      var x = Autograd.track(random("x", ROWS, WIDTH));
      var w = Autograd.track(random("w", WIDTH, WIDTH));
      var one = Tensor.ones(WIDTH);
      var made = new ArrayList<Tensor>();
      var h = x.mul(2);
      var y = Autograd.checkpoint(h, in -> block(block(in, w, one), w, one));
      var loss = y.square().sum();
      var found = new ArrayList<Gradients>();
      Ops.observed(
          (op, inputs) -> {
            var results = Ops.applyTraced(op, inputs);
            made.addAll(results);
            return results;
          },
          () -> found.add(Autograd.backward(loss)));
      var results = List.of(found.getFirst().of(x).storage(), found.getFirst().of(w).storage());
      var older =
          List.of(
              x.storage(), h.storage(), w.storage(), one.storage(), y.storage(), loss.storage());
      assertThat(
              made.stream()
                  .filter(CheckpointTest::isAlive)
                  .map(Tensor::storage)
                  .filter(s -> !older.contains(s) && s.size() > 1)
                  .distinct())
          .containsExactlyInAnyOrderElementsOf(results);
    }
  }

  @Test
  void checkpointsNest() {
    var x = Autograd.track(random("x", 4, WIDTH));
    var w = Autograd.track(random("w", WIDTH, WIDTH));
    var one = Autograd.track(Tensor.ones(WIDTH));
    UnaryOperator<Tensor> plain = in -> block(block(in, w, one.mul(2)), w, one);
    UnaryOperator<Tensor> nested =
        in -> block(Autograd.checkpoint(in, z -> block(z, w, one.mul(2))), w, one);
    var expected = Autograd.backward(plain.apply(x).square().sum());
    for (int scoped = 0; scoped < 2; scoped++) {
      var scope = scoped == 1 ? Scope.open() : null;
      var actual = Autograd.backward(Autograd.checkpoint(x, nested).square().sum());
      for (var leaf : List.of(x, w, one)) {
        assertThat(actual.of(leaf).toFloats()).containsExactly(expected.of(leaf).toFloats());
      }
      if (scope != null) {
        scope.close();
      }
    }
  }

  @Test
  void gradientsByAnythingAndOfHigherOrder() {
    var x = random("x", 3, WIDTH).to(DType.F64);
    var w = random("w", WIDTH, WIDTH).to(DType.F64).detach();
    var leaf = Autograd.track(x);
    var weight = Autograd.track(w);
    var h = leaf.mul(2);
    var y = Autograd.checkpoint(h, in -> in.matmul(weight).gelu());
    var plain = h.matmul(weight).gelu();
    for (boolean createGraph : new boolean[] {false, true}) {
      var found = gradients(y, List.of(weight, h, leaf, y), createGraph);
      var expected = gradients(plain, List.of(weight, h, leaf, plain), createGraph);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).toDoubles()).containsExactly(expected.get(i).toDoubles());
      }
    }
    assertThat(gradients(y, List.of(weight), false)).hasSize(1); // by a captured tensor alone
    UnaryOperator<List<Tensor>> f =
        in ->
            List.of(
                Autograd.checkpoint(in.get(0), z -> z.matmul(in.get(1)).tanh().matmul(in.get(1))));
    var small = List.of(random("s", 2, 3).to(DType.F64), random("t", 3, 3).to(DType.F64));
    GradCheck.DEFAULT.check("checkpoint", f, small).orThrow();
    GradCheck.DEFAULT.withTolerance(1e-6).checkSecond("checkpoint", f, small).orThrow();
  }

  private static List<Tensor> gradients(Tensor y, List<Tensor> inputs, boolean createGraph) {
    var seed = Tensor.full(y.shape(), y.dtype(), 1.5);
    return Autograd.gradients(List.of(y), inputs, List.of(seed), createGraph);
  }

  @Test
  void severalInputsAndResults() {
    var a = Autograd.track(random("a", 4));
    var b = Autograd.track(random("b", 4));
    var plain = random("p", 4);
    var index = Tensor.of(new long[] {3, 1}, 2);
    var results =
        Autograd.checkpoint(
            in ->
                List.of(
                    in.get(0).mul(in.get(1)).add(in.get(2)),
                    in.get(1).indexSelect(0, in.get(3)),
                    in.get(0),
                    in.get(2),
                    in.get(0).argmax(0)),
            List.of(a, b, plain, index));
    assertThat(results.stream().map(Autograd::isTracked))
        .containsExactly(true, true, true, false, false);
    var loss = results.get(0).sum().add(results.get(1).sum().mul(10)).add(results.get(2).sum());
    var gradients = Autograd.backward(loss);
    assertThat(gradients.of(a).toFloats()).containsExactly(b.add(1).toFloats());
    float[] expected = a.toFloats();
    expected[1] += 10;
    expected[3] += 10;
    assertThat(gradients.of(b).toFloats()).containsExactly(expected);
  }

  @Test
  void whatIsNotTrackedIsJustComputed() {
    var calls = new int[1];
    UnaryOperator<Tensor> block =
        x -> {
          calls[0]++;
          return x.exp();
        };
    assertThat(Autograd.isTracked(Autograd.checkpoint(Tensor.ones(2), block))).isFalse();
    var x = Autograd.track(Tensor.ones(2));
    assertThat(Autograd.isTracked(Autograd.noGrad(() -> Autograd.checkpoint(x, block)))).isFalse();
    assertThat(calls[0]).isEqualTo(2);
    var y = Autograd.checkpoint(x, block);
    Autograd.backward(y.sum());
    assertThat(calls[0]).isEqualTo(4);
    assertThatThrownBy(() -> Autograd.backward(y.sum()))
        .hasMessageStartingWith("backward has already run through checkpoint");
  }

  @Test
  void overwrittenTensorsAreNoticed() {
    var x = Autograd.track(random("x", 2));
    var bias = Autograd.track(random("b", 2)).exp();
    var loss = Autograd.checkpoint(x, in -> in.mul(2).add(bias)).sum();
    overwrite(bias);
    assertThatThrownBy(() -> Autograd.backward(loss))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "the gradient of a checkpoint computes its block again, which reads F32[2] made by"
                + " exp, but mul has overwritten it since: run backward before the update");
    var input = random("x", 2);
    var w = Autograd.track(random("w", 2));
    var other = Autograd.checkpoint(input, in -> in.mul(w)).sum();
    overwrite(input);
    assertThatThrownBy(() -> Autograd.backward(other))
        .hasMessageStartingWith("the gradient of checkpoint needs its input 0, F32[2], but mul");
  }

  private static void overwrite(Tensor tensor) {
    Ops.into(new Arithmetic.Affine(0, 0), List.of(tensor.detach()), List.of(tensor.detach()));
  }

  @Test
  void aBlockThatChangesItsMindIsRefused() {
    var x = Autograd.track(random("x", 4));
    var calls = new int[1];
    var y = Autograd.checkpoint(x, in -> calls[0]++ == 0 ? in.exp() : in.narrow(0, 0, 2).exp());
    assertThatThrownBy(() -> Autograd.backward(y.sum()))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "a checkpoint's block returned F32[4] the first time and F32[2] the second: it must"
                + " compute the same each time");
  }

  @Test
  void replacedTensorsAreNoticed() {
    var x = random("x", 4);
    var w = new Tensor[] {Autograd.track(random("w", 4))};
    var y = Autograd.checkpoint(x, in -> in.mul(w[0]));
    w[0] = Autograd.track(random("v", 4));
    assertThatThrownBy(() -> Autograd.backward(y.sum()))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("a checkpoint's block reads other tracked tensors the second time");
  }

  @Test
  void whatThreadsCarryComesBack() {
    var counter = new int[1];
    var seen = new ArrayList<Integer>();
    var again = new ArrayList<Boolean>();
    Supplier<Runnable> bookmark =
        () -> {
          int now = counter[0];
          return () -> counter[0] = now;
        };
    Autograd.recomputeWith(bookmark);
    try {
      var x = Autograd.track(random("x", 4));
      counter[0] = 7;
      var y =
          Autograd.checkpoint(
              x,
              in -> {
                seen.add(counter[0]++);
                again.add(Autograd.isRecomputing());
                return in.exp();
              });
      assertThat(counter[0]).isEqualTo(8);
      counter[0] = 20;
      Autograd.backward(y.sum());
      assertThat(seen).containsExactly(7, 7);
      assertThat(again).containsExactly(false, true);
      assertThat(counter[0]).isEqualTo(20);
    } finally {
      Checkpoint.CARRIED.remove(bookmark);
    }
  }
}
