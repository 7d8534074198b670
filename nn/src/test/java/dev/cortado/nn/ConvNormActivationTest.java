package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Arithmetic;
import dev.cortado.tensor.op.ConvolutionOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvNormActivationTest {
  private static ConvNormActivation block(int in, int out, int stride, Padding padding) {
    var block = Layer.initialized(TestLayers.convNorm(in, out, stride, padding), TestLayers.KEY);
    // Statistics and scales that are not those of a new layer.
    int i = 0;
    for (var entry : block.entries().entrySet()) {
      if (entry.getKey().startsWith("1.") && !entry.getKey().endsWith("tracked")) {
        var noise = Tensor.uniform(TestLayers.KEY.split(i++), out);
        entry.getValue().assign(noise.add(0.5));
      }
    }
    return block;
  }

  private static void observeChildren(Layer layer) {
    layer.children().values().forEach(child -> child.addHook(new LayerHook() {}));
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    double[] a = actual.toDoubles();
    double[] b = expected.toDoubles();
    assertThat(a).hasSameSizeAs(b);
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).as("element %d", i).isCloseTo(b[i], within(1e-5 * (1 + Math.abs(b[i]))));
    }
  }

  @Test
  void oneConvolutionInEvaluationGivesWhatThreeLayersGive() {
    var block = block(3, 5, 2, Padding.same());
    block.eval();
    var x = TestLayers.images("x", 2, 3, 7);
    var ops = new ArrayList<String>();
    var y =
        Ops.observed(
            (op, inputs) -> {
              ops.add(op.name());
              return Ops.applyTraced(op, inputs);
            },
            () -> block.apply(x));
    observeChildren(block);
    assertClose(y, block.apply(x));
    assertThat(ops.stream().filter(name -> name.equals("conv2d"))).hasSize(1);
    assertThat(ops).doesNotContain("batchNorm", "silu");
  }

  @Test
  void theResidualIsAddedInTheSamePassOrNot() {
    var block = block(4, 4, 1, Padding.half(3));
    var x = TestLayers.images("x", 2, 4, 6);
    block.eval();
    assertClose(block.addTo(x, x), x.add(block.apply(x)));
    block.train();
    assertClose(block.addTo(x, x), x.add(block.apply(x)));
  }

  @Test
  void trainingInOnePassGivesWhatThreeLayersGive() {
    var together = block(3, 5, 1, Padding.half(3));
    var apart = block(3, 5, 1, Padding.half(3));
    observeChildren(apart);
    var x = TestLayers.images("x", 3, 3, 6);
    assertClose(together.apply(x), apart.apply(x));
    assertClose(together.state().get("1.running_var"), apart.state().get("1.running_var"));
    assertThat(together.state().get("1.num_batches_tracked").item()).isEqualTo(1);
  }

  @Test
  void runningStatisticsMoveByMomentumAndUnbiasedVariance() {
    var norm =
        Layer.initialized(new BatchNorm2d(1, new BatchNorm2d.Settings(1e-3, 0.2)), TestLayers.KEY);
    var x = Tensor.of(new float[] {1, 2, 3, 6}, 2, 1, 1, 2);
    float[] y = norm.apply(x).toFloats();
    assertThat(y[3]).isCloseTo((float) (3 / Math.sqrt(3.5 + 1e-3)), within(1e-6f));
    assertThat(norm.state().get("running_mean").item()).isCloseTo(0.2 * 3, within(1e-6));
    assertThat(norm.state().get("running_var").item()).isCloseTo(0.8 + 0.2 * 14 / 3, within(1e-6));
  }

  @Test
  void samePaddingDependsOnTheImage() {
    var conv = Layer.initialized(new Conv2d(1, 1, 3, 2, Padding.same(), 1, false), TestLayers.KEY);
    var windows = new ArrayList<String>();
    for (int size : new int[] {6, 7}) {
      Ops.observed(
          (op, inputs) -> {
            var w = ((ConvolutionOp.Conv2d) op).window();
            windows.add(w.top() + "," + w.bottom());
            return Ops.applyTraced(op, inputs);
          },
          () -> conv.apply(Tensor.ones(1, 1, size, size)));
    }
    assertThat(windows).containsExactly("0,1", "1,1");
  }

  @Test
  void whatEvaluationPreparedIsForgottenWhenANumberChanges() {
    var block = block(3, 5, 1, Padding.half(3));
    var x = TestLayers.images("x", 2, 3, 6);
    block.freeze("*");
    float[] before = block.apply(x).toFloats();
    assertThat(block.apply(x).toFloats()).isEqualTo(before);
    for (var entry : block.entries().entrySet()) {
      if (entry.getKey().startsWith("1.") && !entry.getKey().endsWith("tracked")) {
        var value = entry.getValue().value();
        Ops.into(new Arithmetic.Affine(2, 0.5), List.of(value), List.of(value));
        float[] after = block.apply(x).toFloats();
        assertThat(after).as(entry.getKey()).isNotEqualTo(before);
        before = after;
      }
    }
    float[] prepared = before;
    block.children().values().forEach(child -> child.addHook(new LayerHook() {}));
    assertThat(block.apply(x).toFloats())
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(prepared);
  }

  @Test
  void evaluationWithTrainableWeightsIsDifferentiable() {
    var block = block(3, 5, 1, Padding.half(3));
    block.eval();
    var x = TestLayers.images("x", 2, 3, 6);
    Autograd.noGrad(() -> block.apply(x));
    var together = Autograd.backward(block.apply(x).square().sum());
    observeChildren(block);
    var apart = Autograd.backward(block.apply(x).square().sum());
    block
        .parameters()
        .forEach(
            (name, parameter) ->
                assertClose(together.of(parameter.tensor()), apart.of(parameter.tensor())));
  }
}
