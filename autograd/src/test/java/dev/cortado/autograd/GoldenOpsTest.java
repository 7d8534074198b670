package dev.cortado.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.spi.Backend;
import dev.cortado.testkit.Golden;
import dev.cortado.testkit.GoldenOps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Results and gradients against another framework's, on every backend that runs here. */
class GoldenOpsTest {
  @TestFactory
  Stream<DynamicTest> onTheReference() {
    return tests(Backends.reference());
  }

  @TestFactory
  Stream<DynamicTest> onTheFastestBackend() {
    assumeTrue(Backends.current() != Backends.reference(), "skipped: only the reference runs here");
    return tests(Backends.current());
  }

  /** Optimisers and the clipping of gradients, which training has and checks; all else is here. */
  @Test
  void casesThatBelongToTraining() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    var cases = Golden.ops(folder.orElseThrow());
    var missing = cases.stream().filter(golden -> GoldenOps.missing(golden).isPresent()).toList();
    assertThat(cases).hasSize(260);
    assertThat(missing).hasSize(15);
  }

  private static Stream<DynamicTest> tests(Backend backend) {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    return Golden.ops(folder.orElseThrow()).stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> run(golden, backend)));
  }

  private static void run(Golden.Case golden, Backend backend) {
    GoldenOps.missing(golden)
        .ifPresent(why -> assumeTrue(false, "checked elsewhere: " + golden + ": " + why));
    Backends.with(
        backend,
        () -> {
          try (var scope = Scope.open()) {
            check(golden);
          }
          return true;
        });
  }

  private static void check(Golden.Case golden) {
    var inputs = new LinkedHashMap<String, Tensor>();
    golden
        .inputs()
        .forEach(
            (name, x) ->
                inputs.put(name, golden.gradients().containsKey(name) ? Autograd.track(x) : x));
    var outputs = GoldenOps.run(golden, inputs);
    var problems = new LinkedHashMap<String, String>();
    golden.outputs().forEach((name, want) -> compare(problems, name, want, outputs.get(name)));
    var gradients = gradients(golden, inputs, outputs);
    golden
        .gradients()
        .forEach(
            (name, want) -> compare(problems, "gradient by " + name, want, gradients.get(name)));
    assertThat(problems).isEmpty();
  }

  private static void compare(
      Map<String, String> problems, String name, Golden.Expected want, Tensor got) {
    var difference = got == null ? "is missing" : want.difference(got);
    if (difference != null) {
      problems.put(name, difference);
    }
  }

  private static Map<String, Tensor> gradients(
      Golden.Case golden, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    var starts = new ArrayList<Tensor>();
    var seeds = new ArrayList<Tensor>();
    golden
        .outputs()
        .forEach(
            (name, want) -> {
              if (want.seed() != null) {
                starts.add(outputs.get(name));
                seeds.add(want.seed());
              }
            });
    var names = new LinkedHashSet<>(golden.gradients().keySet());
    var leaves = names.stream().map(inputs::get).toList();
    var found = Autograd.gradients(starts, leaves, seeds, false).iterator();
    var result = new LinkedHashMap<String, Tensor>();
    names.forEach(name -> result.put(name, found.next()));
    return result;
  }
}
