package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Draw;
import dev.cortado.testkit.OpCase;
import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** No rule keeps a tensor that it does not read: memory is what training runs out of. */
class SavesProperties {
  @Provide
  Arbitrary<OpSpec> specs() {
    return Arbitraries.of(OpSpecs.all().stream().filter(OpSpec::differentiable).toList());
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
  void nothingIsSavedInVain(
      @ForAll("specs") OpSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int mask) {
    var drawn = spec.draw(new Draw(seed, 3, DType.F64));
    @Nullable Recorded[] edges = edges(drawn, mask);
    Wanted wanted = i -> i < edges.length && edges[i] != null;
    if (wanted.mask(edges.length) == 0 || Epilogues.split(drawn.op(), wanted) != null) {
      return;
    }
    var outputs = Ops.compute(drawn.op(), drawn.inputs());
    if (outputs.stream().anyMatch(y -> y.elements() == 0)) {
      return; // no gradient has anything to compute
    }
    var rule = Rules.of(drawn.op());
    var saves = rule.saves(wanted);
    run(drawn, rule, saves, edges, outputs);
    for (int i = 0; i < edges.length; i++) {
      if (saves.hasInput(i)) {
        var less = new Saves(saves.inputs() & ~Saves.bit(i), saves.outputs());
        assertIsMissed("input " + i, drawn, rule, less, edges, outputs);
      }
    }
    for (int k = 0; k < outputs.size(); k++) {
      if (saves.hasOutput(k)) {
        var less = new Saves(saves.inputs(), saves.outputs() & ~Saves.bit(k));
        assertIsMissed("result " + k, drawn, rule, less, edges, outputs);
      }
    }
  }

  private static void assertIsMissed(
      String what,
      OpCase drawn,
      Rule rule,
      Saves less,
      @Nullable Recorded[] edges,
      List<Tensor> outputs) {
    assertThat(catchThrowable(() -> run(drawn, rule, less, edges, outputs)))
        .as("%s of %s is saved but not read", what, drawn)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith(what + " unannounced");
  }

  private static @Nullable Recorded[] edges(OpCase drawn, int mask) {
    @Nullable Recorded[] edges = new Recorded[drawn.inputs().size()];
    for (int i = 0; i < edges.length; i++) {
      boolean tracked = (mask >> i & 1) != 0 && drawn.inputs().get(i).dtype().isFloating();
      edges[i] = tracked ? new Recorded(new Leaf(), 0) : null;
    }
    return edges;
  }

  /** Runs a rule with {@code saves} in the place of what it announces. */
  private static void run(
      OpCase drawn, Rule rule, Saves saves, @Nullable Recorded[] edges, List<Tensor> outputs) {
    var changed = Rule.of(saves, rule::gradients);
    var node = new Node(drawn.op(), changed, edges, drawn.inputs(), outputs);
    var incoming = new ArrayList<@Nullable Tensor>();
    for (var y : outputs) {
      incoming.add(y.dtype().isFloating() ? Tensor.full(y.shape(), y.dtype(), 1.5) : null);
    }
    Context.current()
        .paused(
            () ->
                changed.gradients(
                    new Backward(node, incoming.toArray(new Tensor[0]), null, false)));
  }
}
