package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who gives memory back, and when. */
class BackwardMemoryTest {
  private static final RandomKey KEY = RandomKey.of(7);
  private static final Tensor X = Tensor.normal(KEY.split(1), 40, 96);
  private static final Tensor W = Tensor.normal(KEY.split(2), 96, 96).mul(0.1);

  /** Views, branches, parts, broadcasting, shared gradients: everything that shares storage. */
  private static Tensor network(Tensor x, Tensor w) {
    var h = x.matmul(w).silu();
    var parts = h.reshape(40, 3, 32).permute(1, 0, 2);
    var q = parts.select(0, 0);
    var k = parts.select(0, 1);
    var v = parts.select(0, 2);
    var mixed = q.matmul(k.t()).mul(0.2).softmax(-1).matmul(v);
    var wide = Tensor.cat(1, List.of(mixed, q.add(v), mixed.sub(k)));
    var y = x.add(wide).add(h);
    var z = y.add(y.mean(true, 1)).mul(y.narrow(1, 0, 1).expand(40, 96));
    return z.square().mean().add(y.sum(0).gelu().sum());
  }

  private static float[][] step() {
    var x = Autograd.track(X);
    var w = Autograd.track(W);
    var gradients = Autograd.backward(network(x, w));
    return new float[][] {gradients.of(x).toFloats(), gradients.of(w).toFloats()};
  }

  @Test
  void recyclingChangesNoBit() {
    var expected = step();
    for (int i = 0; i < 5; i++) {
      try (var scope = Scope.open()) {
        assertThat(step()).isDeepEqualTo(expected);
      }
    }
    try (var outer = Scope.open();
        var inner = Scope.open()) {
      assertThat(step()).isDeepEqualTo(expected);
    }
  }

  @Test
  void askingForInnerGradientsChangesNoBit() {
    var expected = innerGradients();
    for (int i = 0; i < 3; i++) {
      try (var scope = Scope.open()) {
        assertThat(innerGradients()).isDeepEqualTo(expected);
      }
    }
  }

  private static float[][] innerGradients() {
    var x = Autograd.track(X);
    var h = x.matmul(W);
    var part = h.narrow(1, 3, 64);
    var y = part.add(part.mul(2)).add(h.narrow(1, 10, 64));
    var seed = List.of(Tensor.ones(40, 64).mul(1.5));
    return Autograd.gradients(List.of(y), List.of(h, x, part, y), seed, false).stream()
        .map(Tensor::toFloats)
        .toArray(float[][]::new);
  }

  private static boolean isAlive(Tensor tensor) {
    try {
      return tensor.host().array() != null;
    } catch (CortadoException stale) {
      return false;
    }
  }

  /** Runs {@code body} and returns every tensor that an op made meanwhile. */
  private static List<Tensor> made(Runnable body) {
    var made = new ArrayList<Tensor>();
    Ops.observed(
        (op, inputs) -> {
          var results = Ops.applyTraced(op, inputs);
          made.addAll(results);
          return results;
        },
        () -> {
          body.run();
          return true;
        });
    return made;
  }

  @Test
  void onlyResultsOutliveBackwardInsideAScope() {
    try (var scope = Scope.open()) {
      var x = Autograd.track(X);
      var w = Autograd.track(W);
      var forward = new ArrayList<Tensor>();
      forward.addAll(made(() -> forward.add(network(x, w))));
      var found = new ArrayList<Gradients>();
      var backward = made(() -> found.add(Autograd.backward(forward.getFirst())));
      assertThat(forward).allMatch(BackwardMemoryTest::isAlive);
      var results = List.of(found.getFirst().of(x).storage(), found.getFirst().of(w).storage());
      var alive = backward.stream().filter(BackwardMemoryTest::isAlive).map(Tensor::storage);
      var older = new ArrayList<>(List.of(X.storage(), W.storage()));
      forward.forEach(tensor -> older.add(tensor.storage()));
      // A view of something older is no memory of backward's own.
      assertThat(alive.filter(s -> !older.contains(s) && s.size() > 1).distinct())
          .containsExactlyInAnyOrderElementsOf(results);
    }
  }

  /** Passes its input on; calls somebody when the gradient comes by. */
  private record Watch(Function<Tensor, Tensor> onGradient) implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return inputs;
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return List.of(onGradient.apply(gradients.getFirst()));
    }
  }

  @Test
  void savedTensorsAreLetGoOnTheWay() {
    var saved = new ArrayList<WeakReference<Storage>>();
    var left = new ArrayList<Long>();
    var x = Autograd.track(X);
    var y = x.mul(2).exp();
    y =
        y.apply(
            new Watch(
                gradient -> {
                  left.add(alive(saved));
                  return gradient;
                }));
    for (int i = 0; i < 10; i++) {
      var z = y.mul(0.01);
      saved.add(new WeakReference<>(z.storage()));
      y = z.exp();
    }
    var loss = y.mul(y).sum();
    y = loss;
    assertThat(alive(saved)).isEqualTo(10);
    Autograd.backward(loss);
    assertThat(left).containsExactly(0L);
  }

  private static long alive(List<WeakReference<Storage>> references) {
    for (int i = 0; i < 50; i++) {
      System.gc();
    }
    return references.stream().filter(r -> r.get() != null).count();
  }

  @Test
  void whatACustomOpPutsAsideStaysReadableInTheScope() {
    var seen = new ArrayList<Tensor>();
    try (var scope = Scope.open()) {
      var x = Autograd.track(X);
      var y =
          x.mul(2)
              .apply(
                  new Watch(
                      gradient -> {
                        seen.add(gradient);
                        return gradient;
                      }))
              .mul(3)
              .silu();
      Autograd.backward(y.sum());
      assertThat(seen.getFirst().toFloats()).hasSize(X.elements());
    }
  }
}
