package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.Op;
import dev.cortado.testkit.Draw;
import dev.cortado.testkit.OpCase;
import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** Every derivative rule against differences, over drawn shapes, layouts and attributes. */
class RulesProperties {
  private static final List<OpSpec> DIFFERENTIABLE =
      OpSpecs.all().stream().filter(OpSpec::differentiable).toList();

  @Provide
  Arbitrary<OpSpec> specs() {
    return Arbitraries.of(DIFFERENTIABLE);
  }

  @Provide
  Arbitrary<OpSpec> flatSpecs() {
    return Arbitraries.of(OpSpecs.all().stream().filter(s -> !s.differentiable()).toList());
  }

  private static OpCase draw(OpSpec spec, long seed, int size) {
    return spec.draw(new Draw(seed, size, DType.F64));
  }

  /** The op with a choice of its results: rules must do without the gradients of the others. */
  private static List<Tensor> some(Op op, List<Tensor> inputs, long seed) {
    var results = Ops.applyAll(op, inputs);
    var chosen = new ArrayList<Tensor>();
    for (int k = 0; k < results.size(); k++) {
      if ((seed >> k & 1) == 0 || k == Math.floorMod(seed, results.size())) {
        chosen.add(results.get(k));
      }
    }
    return chosen;
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void gradientsAgreeWithDifferences(
      @ForAll("specs") OpSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int size) {
    Backends.with(
        Backends.reference(),
        () -> {
          var drawn = draw(spec, seed, size);
          return GradCheck.DEFAULT
              .check(drawn.toString(), x -> some(drawn.op(), x, seed), drawn.inputs())
              .orThrow();
        });
  }

  @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
  void gradientsOfGradientsAgreeWithDifferences(
      @ForAll("specs") OpSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int size) {
    Backends.with(
        Backends.reference(),
        () -> {
          var drawn = draw(spec, seed, size);
          return GradCheck.DEFAULT
              .withTolerance(1e-6)
              .checkSecond(drawn.toString(), x -> some(drawn.op(), x, seed), drawn.inputs())
              .orThrow();
        });
  }

  @Property(tries = 100)
  void noGradientFlowsThroughTheOthers(@ForAll("flatSpecs") OpSpec spec, @ForAll long seed) {
    var drawn = draw(spec, seed, 3);
    // Its spec draws every pair of types; between floating ones a gradient does flow.
    Assume.that(!(drawn.op() instanceof Cast cast && cast.dtype().isFloating()));
    var inputs =
        drawn.inputs().stream()
            .map(x -> x.dtype() == DType.F32 || x.dtype() == DType.F64 ? Autograd.track(x) : x)
            .toList();
    for (var result : Ops.applyAll(drawn.op(), inputs)) {
      assertThat(Autograd.isTracked(result)).isFalse();
    }
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void onlyWhatIsWantedIsComputed(
      @ForAll("specs") OpSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 7) int mask) {
    var drawn = draw(spec, seed, 3);
    var all = tracked(drawn, -1);
    var some = tracked(drawn, mask);
    if (some.stream().noneMatch(Autograd::isTracked)) {
      return;
    }
    var expected = gradients(drawn, all);
    var got = gradients(drawn, some);
    for (int i = 0; i < all.size(); i++) {
      assertThat(got.find(some.get(i)).map(Tensor::toDoubles))
          .usingRecursiveComparison()
          .isEqualTo(
              Autograd.isTracked(some.get(i))
                  ? expected.find(all.get(i)).map(Tensor::toDoubles)
                  : java.util.Optional.empty());
    }
  }

  private static List<Tensor> tracked(OpCase drawn, int mask) {
    var inputs = new ArrayList<Tensor>();
    for (var x : drawn.inputs()) {
      boolean track = (mask >> inputs.size() & 1) != 0 && x.dtype().isFloating();
      inputs.add(track ? Autograd.track(x) : x);
    }
    return inputs;
  }

  private static Gradients gradients(OpCase drawn, List<Tensor> inputs) {
    var y = Ops.applyAll(drawn.op(), inputs).getFirst();
    double[] seed = new double[y.elements()];
    Arrays.setAll(seed, i -> 1 + Math.sin(i));
    return Autograd.backward(y, Tensor.of(seed, y.shape().toArray()).to(y.dtype()));
  }

  @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
  void theFastestBackendAgreesWithTheReference(
      @ForAll("specs") OpSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int size) {
    var drawn = spec.draw(new Draw(seed, size, DType.F32));
    var expected = Backends.with(Backends.reference(), () -> allGradients(drawn));
    var got = allGradients(drawn);
    for (int i = 0; i < got.size(); i++) {
      double[] want = expected.get(i);
      double scale = 1; // cancelling leaves what rounding leaves
      for (double value : want) {
        scale = Math.max(scale, Math.abs(value));
      }
      for (int j = 0; j < want.length; j++) {
        assertThat(got.get(i)[j])
            .as("%s: gradient %d at %d", drawn, i, j)
            .isCloseTo(want[j], Offset.offset(2e-4 * scale));
      }
    }
  }

  private static List<double[]> allGradients(OpCase drawn) {
    var inputs = tracked(drawn, -1);
    var gradients = gradients(drawn, inputs);
    return inputs.stream()
        .map(gradients::find)
        .filter(java.util.Optional::isPresent)
        .map(g -> g.orElseThrow().toDoubles())
        .toList();
  }

  @Example
  void everyOpOfTheFamilyIsChecked() {
    var checked = new LinkedHashSet<Class<?>>();
    OpSpecs.all().forEach(spec -> checked.add(spec.type()));
    assertThat(OpSpecs.family()).hasSizeGreaterThan(35);
    assertThat(checked).containsAll(OpSpecs.family());
  }

  @Example
  void everySpecIsDrawn() {
    for (var spec : DIFFERENTIABLE) {
      Backends.with(
          Backends.reference(),
          () -> {
            var drawn = draw(spec, 1, 2);
            assertThat(drawn.op()).isInstanceOf(spec.type());
            return GradCheck.DEFAULT.check(drawn.op(), drawn.inputs()).orThrow();
          });
    }
  }
}
