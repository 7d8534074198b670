package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.GradCheck;
import dev.cortado.examples.gradcheck.Checkable;
import dev.cortado.examples.gradcheck.Checks;
import dev.cortado.nn.testkit.LayerSpecs;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Derivatives checked from the command line. */
class GradcheckTest {
  @Test
  void checksWhatItIsAskedFor() {
    var result = Cli.run("gradcheck", "gelu", "Soft-Max", "--cases", "3", "--second-order");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.complaints()).isEmpty();
    assertThat(result.out())
        .containsPattern("gelu +3 +\\d+ +\\d\\.\\de-\\d\\d +right")
        .containsPattern("softmax +3 +\\d+ +\\d\\.\\de-\\d\\d +right")
        .contains("2 right, 0 wrong")
        .doesNotContain("No gradient flows");
  }

  @Test
  void checksEveryOp() {
    var result = Cli.run("gradcheck", "--cases", "1");
    assertThat(result.code()).as(result.out()).isZero();
    long differentiable = OpSpecs.all().stream().filter(s -> s.differentiable()).count();
    assertThat(result.out())
        .contains(differentiable + " right, 0 wrong")
        .contains("No gradient flows through lessThan, ");
  }

  @Test
  void checksEveryLayer() {
    var result = Cli.run("gradcheck", "--layers", "--cases", "2");
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out())
        .startsWith("layer ")
        .contains(LayerSpecs.all().size() + " right, 0 wrong")
        .containsPattern("MultiheadAttention +2 +\\d+ +\\d\\.\\de-\\d\\d +right")
        .doesNotContain("No gradient flows");
  }

  @Test
  void layersAreKnownByName() {
    var mixed = Cli.run("gradcheck", "group-norm", "silu", "--cases", "2", "--second-order");
    assertThat(mixed.code()).as(mixed.out() + mixed.err()).isZero();
    assertThat(mixed.out()).contains("GroupNorm ", "silu ", "2 right, 0 wrong");
    // An op and a layer have this name: the op is meant, unless layers are asked for.
    assertThat(Cli.run("gradcheck", "Conv2d", "--cases", "1").out())
        .startsWith("op ")
        .contains("1 right");
    assertThat(Cli.run("gradcheck", "Conv2d", "--cases", "1", "--layers").out())
        .startsWith("layer ")
        .contains("1 right");
    assertThat(Cli.run("gradcheck", "--layers", "silu").err())
        .contains("there is no 'silu' to check");
  }

  @Test
  void explainsFormulas() {
    var result = Cli.run("gradcheck", "silu", "matmul", "--explain", "--cases", "1");
    assertThat(result.out())
        .contains("  y       = x·sigmoid(x)")
        .contains("  ∂y/∂x   = a + x·a·(1 − a)")
        .contains("            with a = sigmoid(x)")
        .contains("is not elementwise");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    var unknown = Cli.run("gradcheck", "gleu");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("there is no 'gleu' to check; did you mean 'gelu'? Known are ")
        .contains("logSoftmax");
    assertThat(Cli.run("gradcheck", "nosuchop").err())
        .contains("there is no 'nosuchop' to check. Known are ");
    assertThat(Cli.run("gradcheck", "--cases", "0").err())
        .contains("--cases must be at least 1, got 0");
  }

  /** x² with the derivative that a student may write first. */
  private record Wrong() implements CustomOp {
    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public List<Tensor> compute(List<Tensor> inputs) {
      return List.of(inputs.getFirst().square());
    }

    @Override
    public List<@Nullable Tensor> gradient(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
      return List.of(inputs.getFirst().mul(gradients.getFirst()));
    }
  }

  @Test
  void saysWhatIsWrong() {
    var x = Tensor.of(new double[] {0.5, 3}, 2);
    var wrong =
        new Checkable(
            "square",
            "Wrong",
            (seed, size, second) -> List.of(GradCheck.DEFAULT.check(new Wrong(), List.of(x))));
    var broken =
        new Checkable(
            "broken",
            "Broken",
            (seed, size, second) -> {
              throw new IllegalStateException("out of luck");
            });
    var rows = new Checks(1, 5, false).runAll(List.of(wrong, broken), () -> {});
    assertThat(rows).noneMatch(Checks.Row::passed);
    assertThat(rows.get(0).cases()).isOne();
    assertThat(rows.get(0).failure().orElseThrow())
        .contains("2 are wrong, first input 0 at [0]: the gradient is", "differences say");
    assertThat(rows.get(1).failure().orElseThrow()).contains("out of luck");
  }
}
