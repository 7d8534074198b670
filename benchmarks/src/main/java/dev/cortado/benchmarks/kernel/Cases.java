package dev.cortado.benchmarks.kernel;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All rows of the table, and what their inputs are made with. */
public final class Cases {
  private static final List<KernelCase> ALL =
      Stream.of(
              ProductCases.all(),
              ConvolutionCases.all(),
              NormalizationCases.all(),
              ElementwiseCases.all(),
              SpatialCases.all(),
              SelectionCases.all(),
              AttentionCases.all(),
              FormulaCases.all())
          .flatMap(List::stream)
          .toList();

  private Cases() {}

  /** Returns every case, in the order of the table. */
  public static List<KernelCase> all() {
    return ALL;
  }

  /** Returns the case with that name. */
  static KernelCase named(String id) {
    return Stream.concat(LimitCases.all().stream(), ALL.stream())
        .filter(c -> c.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new CortadoException("there is no kernel '" + id + "'; " + known()));
  }

  /**
   * Returns the cases whose kernel and shape contain {@code pattern}, a regular expression; case
   * does not matter.
   *
   * @throws CortadoException if it is no regular expression or nothing matches
   */
  public static List<KernelCase> matching(String pattern) {
    try {
      var found = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE).asPredicate();
      var cases = ALL.stream().filter(c -> found.test(c.id())).toList();
      if (cases.isEmpty()) {
        throw new CortadoException("no kernel matches '" + pattern + "'; " + known());
      }
      return cases;
    } catch (PatternSyntaxException e) {
      throw new CortadoException(
          "'%s' is no pattern: %s".formatted(pattern, e.getDescription()), e);
    }
  }

  private static String known() {
    return ALL.stream()
        .map(KernelCase::kernel)
        .distinct()
        .collect(Collectors.joining(", ", "there are: ", ""));
  }

  /** Returns a tensor of numbers between −1 and 1, always the same ones. */
  static Tensor numbers(int... shape) {
    return Scope.outside(
        () ->
            Tensor.uniform(RandomKey.of(Arrays.hashCode(shape)), shape).mul(2).sub(1).contiguous());
  }

  /** Returns an image batch that lies channels-last. */
  static Tensor images(int... shape) {
    return Scope.outside(() -> numbers(shape).channelsLast());
  }

  /** Returns the run of {@code body} in a scope of its own, as a training step is. */
  static Runnable step(Runnable body) {
    return () -> {
      try (var scope = Scope.open()) {
        body.run();
      }
    };
  }

  /** Returns the run of the backward pass of {@code output} alone: the graph is made here, once. */
  static Runnable backward(Tensor output, List<Tensor> inputs) {
    var seed = Scope.outside(() -> seed(output));
    return step(() -> Autograd.gradients(List.of(output), inputs, List.of(seed), false));
  }

  private static Tensor seed(Tensor output) {
    var seed = numbers(output.shape().toArray());
    return output.layout().isChannelsLast(output.shape()) ? seed.channelsLast() : seed;
  }
}
