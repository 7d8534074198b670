package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Arithmetic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AutogradTest {
  private static Tensor leaf(double... values) {
    return Autograd.track(Tensor.of(values, values.length));
  }

  @Test
  void gradientOfASquareIsTwiceTheNumber() {
    var w = leaf(3, 4);
    var gradients = Autograd.backward(w.square().sum());
    assertThat(gradients.of(w).toDoubles()).containsExactly(6, 8);
    assertThat(gradients.size()).isOne();
    assertThat(Autograd.isTracked(gradients.of(w))).isFalse();
  }

  @Test
  void gradientsFromAllSidesAddUp() {
    var x = leaf(2);
    var y = x.mul(x).add(x.mul(3)).add(x);
    assertThat(Autograd.backward(y.sum()).of(x).item()).isEqualTo(2 * 2 + 3 + 1);
  }

  @Test
  void plainTensorsAreNotRecorded() {
    var plain = Tensor.of(new double[] {1, 2}, 2);
    assertThat(plain.mul(plain).trace()).isNull();
    assertThat(leaf(1, 2).detach().exp().trace()).isNull();
    assertThat(leaf(1, 2).argmax(0).trace()).isNull();
    assertThat(leaf(1, 2).lessThan(2).trace()).isNull();
    assertThat(leaf(1, 2).to(DType.I64).trace()).isNull();
  }

  @Test
  void onlyFloatingTensorsAreTracked() {
    assertThatThrownBy(() -> Autograd.track(Tensor.of(new long[] {1}, 1)))
        .isInstanceOf(CortadoException.class)
        .hasMessage("only F32 and F64 tensors have gradients, this is I64[1]");
  }

  @Test
  void noGradRecordsNothingOnThisThreadOnly() throws Exception {
    var x = leaf(1);
    var elsewhere =
        Autograd.noGrad(
            () -> {
              assertThat(Autograd.isTracked(x.exp())).isFalse();
              assertThat(Autograd.<Boolean>noGrad(() -> Autograd.isTracked(x.exp()))).isFalse();
              assertThat(Autograd.isTracked(x.exp())).isFalse();
              try (var threads = Executors.newSingleThreadExecutor()) {
                return threads.submit(() -> Autograd.isTracked(x.exp()));
              }
            });
    assertThat(elsewhere.get()).isTrue();
    assertThat(Autograd.isTracked(x.exp())).isTrue();
    assertThatThrownBy(() -> Autograd.noGrad((Runnable) () -> Autograd.backward(x.exp())))
        .hasMessageEndingWith("(this is inside noGrad)");
    assertThat(Autograd.isTracked(x.exp())).isTrue();
  }

  @Test
  void lossHasToBeOneTrackedNumber() {
    assertThatThrownBy(() -> Autograd.backward(leaf(1, 2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("backward needs a loss of one element, this is F64[2]");
    assertThatThrownBy(() -> Autograd.backward(Tensor.scalar(1)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("is not tracked");
    assertThatThrownBy(() -> Autograd.backward(leaf(1, 2), Tensor.ones(2)))
        .hasMessage("the gradient to start with is F32[2], the output is F64[2]");
  }

  @Test
  void gradientsSayWhatTheyDoNotHave() {
    var used = leaf(1);
    var unused = leaf(1);
    var gradients = Autograd.backward(used.exp().sum());
    assertThat(gradients.find(unused)).isEmpty();
    assertThatThrownBy(() -> gradients.of(unused))
        .isInstanceOf(CortadoException.class)
        .hasMessageEndingWith("the loss does not depend on it");
    assertThatThrownBy(() -> gradients.of(Tensor.scalar(1)))
        .hasMessageEndingWith("it is not a tensor that Autograd.track returned");
  }

  @Test
  void gradientsOfBatchesAddUp() {
    var a = leaf(2);
    var b = leaf(5);
    var sum =
        Autograd.backward(a.square().sum())
            .plus(Autograd.backward(a.mul(b).sum()))
            .map(g -> g.mul(10));
    assertThat(sum.of(a).item()).isEqualTo(10 * (4 + 5));
    assertThat(sum.of(b).item()).isEqualTo(10 * 2);
  }

  @Test
  void aGraphIsWalkedOnce() {
    var x = leaf(1);
    var loss = x.exp().sum();
    Autograd.backward(loss);
    assertThatThrownBy(() -> Autograd.backward(loss))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("backward has already run through sum");
  }

  @Test
  void savedTensorsAreGuardedAgainstOverwriting() {
    var x = leaf(1, 2);
    var y = x.exp();
    var loss = y.mul(y).sum();
    Ops.into(new Arithmetic.Affine(0, 0), List.of(y.detach()), List.of(y.detach()));
    assertThatThrownBy(() -> Autograd.backward(loss))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "the gradient of mul needs its input 0, F64[2] made by exp, but mul has"
                + " overwritten it since: run backward before the update, or give the op a copy");
  }

  @Test
  void whatIsNotSavedMayBeOverwritten() {
    var x = leaf(1, 2);
    var y = x.mul(2);
    var loss = y.add(1).sum();
    Ops.into(new Arithmetic.Affine(0, 0), List.of(y.detach()), List.of(y.detach()));
    assertThat(Autograd.backward(loss).of(x).toDoubles()).containsExactly(2, 2);
  }

  @Test
  void gradientsOfIntermediateTensorsAndOfNothing() {
    var x = leaf(3);
    var other = leaf(1);
    var y = x.square();
    var z = y.mul(5);
    var seed = List.of(Tensor.of(new double[] {1}, 1));
    var found = Autograd.gradients(List.of(z), List.of(y, other, x, z), seed, false);
    assertThat(found.get(0).item()).isEqualTo(5);
    assertThat(found.get(1).item()).isZero();
    assertThat(found.get(2).item()).isEqualTo(30);
    assertThat(found.get(3).item()).isEqualTo(1);
    // The graph is still there.
    assertThat(Autograd.gradients(List.of(z), List.of(x), seed, false).getFirst().item())
        .isEqualTo(30);
    assertThatThrownBy(() -> Autograd.gradients(List.of(z), List.of(Tensor.scalar(1)), seed, false))
        .hasMessage("gradients: input 0, F32[], is not tracked");
  }

  @Test
  void derivativesOfEveryOrder() {
    var x = leaf(0.7);
    var y = x.square().square().sum(); // x⁴
    var first = Autograd.gradient(y, x, true);
    var second = Autograd.gradient(first.sum(), x, true);
    var third = Autograd.gradient(second.sum(), x, true);
    var fourth = Autograd.gradient(third.sum(), x, true);
    assertThat(first.item()).isCloseTo(4 * Math.pow(0.7, 3), within(1e-12));
    assertThat(second.item()).isCloseTo(12 * Math.pow(0.7, 2), within(1e-12));
    assertThat(third.item()).isCloseTo(24 * 0.7, within(1e-12));
    assertThat(fourth.item()).isCloseTo(24, within(1e-12));
    assertThat(Autograd.gradient(fourth.sum(), x, true).item()).isZero();
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  @Test
  void aMillionNodesInAChain() {
    var x = leaf(1);
    var y = x;
    for (int i = 0; i < 1_000_000; i++) {
      y = y.add(x);
    }
    assertThat(Autograd.backward(y.sum()).of(x).item()).isEqualTo(1_000_001);
  }

  @Test
  void graphsInSeveralThreadsShareLeaves() throws Exception {
    var x = leaf(1.5);
    var tasks = new ArrayList<Callable<Double>>();
    for (int t = 1; t <= 8; t++) {
      int factor = t;
      tasks.add(
          () -> {
            double sum = 0;
            for (int i = 0; i < 50; i++) {
              sum += Autograd.backward(x.square().mul(factor).sum()).of(x).item();
            }
            return sum;
          });
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      var results = threads.invokeAll(tasks);
      for (int t = 1; t <= 8; t++) {
        assertThat(results.get(t - 1).get()).isEqualTo(50 * 3.0 * t);
      }
    }
  }
}
