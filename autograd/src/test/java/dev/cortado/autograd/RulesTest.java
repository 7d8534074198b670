package dev.cortado.autograd;

import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What rules promise beyond being right: how they get there. */
class RulesTest {
  private static Tensor random(int seed, int... shape) {
    return Tensor.normal(RandomKey.of(seed), shape);
  }

  /** Returns the names of the ops that are computed while {@code body} runs. */
  private static List<String> computed(Runnable body) {
    var names = new ArrayList<String>();
    Ops.observed(
        (op, inputs) -> {
          names.add(op.name());
          return Ops.applyTraced(op, inputs);
        },
        () -> {
          body.run();
          return true;
        });
    return names;
  }

  @Test
  void biasedProductsStayOneOp() {
    var x = Autograd.track(random(1, 4, 3));
    var y = x.linear(random(2, 5, 3), Autograd.track(random(3, 5)));
    assertThat(computed(() -> Autograd.backward(y, Tensor.ones(4, 5))))
        .containsExactly("sum", "reshape", "permute", "matmul");
  }

  @Test
  void productsWhoseValueIsNeededAreRecordedAsTwoOps() {
    var silu = new Epilogue(input(0).times(Formula.sigmoid(input(0))), 0);
    var a = Autograd.track(random(1, 4, 3));
    var b = random(2, 3, 5);
    var fused = a.apply(new MatMul(silu), b);
    var apart = a.matmul(b).silu();
    var node = (Node) ((Recorded) fused.trace()).origin();
    assertThat(node.op().name()).isEqualTo("fused");
    var ones = Tensor.ones(4, 5);
    assertThat(Autograd.backward(fused, ones).of(a).toFloats())
        .containsExactly(Autograd.backward(apart, ones).of(a).toFloats());
    // The same op on plain tensors stays one.
    assertThat(computed(() -> a.detach().apply(new MatMul(silu), b))).containsExactly("matmul");
  }

  @Test
  void onlyWhatIsNeededIsSaved() {
    var x = Autograd.track(random(1, 4));
    var w = random(2, 4);
    var node = (Node) ((Recorded) x.mul(w).trace()).origin();
    assertThatThrownBy(() -> node.savedInput(0)).hasMessageEndingWith("its input 0 unannounced");
    assertThat(node.savedInput(1)).isSameAs(w);
    var sum = (Node) ((Recorded) x.add(w).trace()).origin();
    assertThatThrownBy(() -> sum.savedInput(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void gradientsOfSeveralInputsTakeOnePass() {
    var a = Autograd.track(random(1, 3, 4));
    var b = Autograd.track(random(2, 3, 4));
    var y = a.mul(b);
    assertThat(computed(() -> Autograd.backward(y, Tensor.ones(3, 4)))).containsExactly("fused");
    var row = Autograd.track(random(3, 4));
    var z = a.mul(row);
    assertThat(computed(() -> Autograd.backward(z, Tensor.ones(3, 4))))
        .containsExactly("fused", "sum", "reshape");
  }

  @Test
  void batchNormalisationTakesTwoPassesOverTheImages() {
    var x = Autograd.track(random(1, 2, 3, 4, 5));
    var weight = Autograd.track(random(2, 3));
    var bias = Autograd.track(random(3, 3));
    var silu = input(0).times(Formula.sigmoid(input(0)));
    var y = x.apply(new NormalizationOp.BatchNorm(1e-5, silu), weight, bias);
    var large = new ArrayList<String>();
    Ops.observed(
        (op, inputs) -> {
          if (inputs.stream().anyMatch(t -> t.elements() == x.elements())) {
            large.add(op.name());
          }
          return Ops.applyTraced(op, inputs);
        },
        () -> Autograd.backward(y, Tensor.ones(2, 3, 4, 5)));
    assertThat(large).containsExactly("sum", "fused");
  }

  @Test
  void partsComeBackSideBySide() {
    var x = Autograd.track(random(1, 3, 12));
    var q = x.narrow(1, 0, 4);
    var v = x.narrow(1, 8, 3);
    var loss = q.mul(2).add(x.narrow(1, 4, 4).mul(3)).sum().add(v.mul(5).sum());
    var gradient = new ArrayList<Tensor>();
    var ops = computed(() -> gradient.add(Autograd.backward(loss).of(x)));
    assertThat(ops).contains("cat").doesNotContain("ZeroPad");
    assertThat(gradient.getFirst().narrow(0, 1, 1).toFloats())
        .containsExactly(2, 2, 2, 2, 3, 3, 3, 3, 5, 5, 5, 0);
  }

  @Test
  void partsThatOverlapAddUp() {
    var x = Autograd.track(random(1, 6));
    var loss = x.narrow(0, 0, 4).sum().add(x.narrow(0, 2, 4).mul(10).sum()).add(x.sum());
    assertThat(Autograd.backward(loss).of(x).toFloats()).containsExactly(2, 2, 12, 12, 11, 11);
    var m = Autograd.track(random(1, 2, 2));
    var crossed = m.narrow(0, 0, 1).sum().add(m.narrow(1, 1, 1).mul(10).sum());
    assertThat(Autograd.backward(crossed).of(m).toFloats()).containsExactly(1, 11, 0, 10);
    var one = Autograd.track(random(1, 3));
    assertThat(Autograd.backward(one.narrow(0, 1, 1).sum()).of(one).toFloats())
        .containsExactly(0, 1, 0);
  }

  @Test
  void emptyProductsHaveEmptyGradients() {
    var b = Autograd.track(Tensor.zeros(0, 4));
    var y = Tensor.zeros(2, 3, 0).matmul(b);
    assertThat(Autograd.backward(y.sum()).of(b).shape()).isEqualTo(b.shape());
    var wide = Autograd.track(random(1, 5, 0));
    var none = random(2, 2, 3, 5).matmul(wide);
    assertThat(Autograd.backward(none.sum()).of(wide).shape()).isEqualTo(wide.shape());
    var w = Autograd.track(random(1, 5, 4));
    var rows = Tensor.zeros(0, 3, 5).matmul(w);
    assertThat(Autograd.backward(rows.sum()).of(w).toFloats()).containsOnly(0);
  }

  @Test
  void unusedBranchesCostNothing() {
    var x = Autograd.track(random(1, 8));
    var loss = x.exp().sum();
    var alone = computed(() -> Autograd.backward(loss));
    var again = x.exp();
    var unused = again.log().tanh();
    var other = unused.square().sum();
    var beside = again.sum();
    assertThat(computed(() -> Autograd.backward(beside))).isEqualTo(alone);
    // What was not asked for is still there.
    assertThat(Autograd.isTracked(other)).isTrue();
    // Nor what leads to leaves whose gradients are not asked for.
    var y = Autograd.track(random(2, 8));
    var both = x.exp().sum().add(y.sigmoid().tanh().exp().sum());
    var one = computed(() -> Autograd.gradient(both, x, false));
    assertThat(one).hasSameSizeAs(alone);
  }

  @Test
  void equalExtremesShareTheGradient() {
    var x = Autograd.track(Tensor.of(new float[] {1, 3, 3, 2, 0, 3}, 2, 3));
    assertThat(Autograd.backward(x.max(false).mul(6)).of(x).toFloats())
        .containsExactly(0, 2, 2, 0, 0, 2);
  }

  @Test
  void gradientsPassThroughTypesThatOnlyStore() {
    var x = Autograd.track(random(1, 5));
    var y = x.to(DType.F16).to(DType.F64).mul(3);
    var gradient = Autograd.backward(y.sum()).of(x);
    assertThat(gradient.dtype()).isEqualTo(DType.F32);
    assertThat(gradient.toFloats()).containsOnly(3);
  }

  /** Says what it is told about its gradients. */
  private record Told(List<@Nullable Tensor> gradients) implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return List.of(inputs.getFirst());
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      assertThat(inputs).noneMatch(Autograd::isTracked);
      return List.of(inputs.getFirst().mul(2));
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> incoming) {
      return gradients;
    }
  }

  @Test
  void customOpsAreHeldToTheirContract() {
    var x = Autograd.track(random(1, 2));
    var right = x.apply(new Told(List.of(Tensor.ones(2))));
    assertThat(Autograd.backward(right.sum()).of(x).toFloats()).containsExactly(1, 1);
    var few = x.apply(new Told(List.of())).sum();
    assertThatThrownBy(() -> Autograd.backward(few))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("the gradient of Told returned 0 tensors for 1 inputs");
    var wrong = x.apply(new Told(List.of(Tensor.ones(3)))).sum();
    assertThatThrownBy(() -> Autograd.backward(wrong))
        .isInstanceOf(CortadoException.class)
        .hasMessage("the gradient of Told by input 0 has shape [3], the input has [2]");
  }

  @Test
  void hessianVectorProductsAgreeWithDifferences() {
    var x = random(1, 3, 4).to(DType.F64);
    var w = random(2, 4, 4).to(DType.F64);
    GradCheck.DEFAULT
        .checkSecond(
            "network",
            in -> List.of(in.get(0).matmul(in.get(1)).gelu().logSoftmax(1)),
            List.of(x, w))
        .orThrow();
  }
}
