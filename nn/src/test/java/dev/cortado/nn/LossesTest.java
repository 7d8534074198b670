package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Tensor;
import dev.cortado.testkit.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and their gradients: beside torch's. */
class LossesTest {
  private static final Set<String> OPS =
      Set.of("cross_entropy", "nll_loss", "mse_loss", "bce_with_logits", "smooth_l1_loss");

  private static final double[] OUTPUTS = {-1.5, 0.3, 2.0, 0.1, -0.7, 1.2};
  private static final Tensor TARGETS = Tensor.of(new double[] {0.2, 0.3, 0.5, 0, 0.4, 0.6}, 2, 3);
  private static final Tensor WEIGHTS = Tensor.of(new double[] {0.5, 1, 2}, 3);

  static Stream<Golden.Case> cases() {
    var folder = Golden.folder();
    assumeTrue(folder.isPresent(), "skipped: no shared/golden beside the repository");
    var cases =
        Golden.ops(folder.orElseThrow()).stream().filter(c -> OPS.contains(c.op())).toList();
    assertThat(cases).hasSize(17);
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithAnotherFramework(Golden.Case golden) {
    check(golden);
    Backends.with(
        Backends.reference(),
        () -> {
          check(golden);
          return true;
        });
  }

  private static void check(Golden.Case golden) {
    var x = Autograd.track(get(golden.inputs(), "x"));
    var y = loss(golden, x);
    var want = Objects.requireNonNull(golden.outputs().get("y"));
    assertThat(want.difference(y)).isNull();
    var gradient = golden.gradients().get("x");
    if (gradient != null) {
      var seed = Objects.requireNonNull(want.seed());
      var found = Autograd.gradients(List.of(y), List.of(x), List.of(seed), false);
      assertThat(gradient.difference(Objects.requireNonNull(found.getFirst()))).isNull();
    }
  }

  private static Tensor get(Map<String, Tensor> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  private static Tensor loss(Golden.Case golden, Tensor x) {
    var settings = golden.attributes();
    var reduction = Reduction.valueOf(settings.text("reduction", "mean").toUpperCase(Locale.ROOT));
    var target = get(golden.inputs(), "target");
    var classes =
        ClassLoss.STANDARD
            .withSmoothing(settings.number("label_smoothing", 0))
            .ignoring(settings.integer("ignore_index", -100))
            .withReduction(reduction);
    if (golden.inputs().containsKey("weight")) {
      classes = classes.withWeights(get(golden.inputs(), "weight"));
    }
    return switch (golden.op()) {
      case "cross_entropy" -> classes.crossEntropy(x, target);
      case "nll_loss" -> classes.negativeLogLikelihood(x, target);
      case "mse_loss" -> Losses.squaredError(x, target, reduction);
      case "bce_with_logits" ->
          Losses.binaryCrossEntropyWithLogits(
              x, target, golden.inputs().get("pos_weight"), reduction);
      default -> Losses.smoothL1(x, target, settings.number("beta", 1), reduction);
    };
  }

  /** The loss of the outputs and its gradient. */
  private static double[] of(java.util.function.UnaryOperator<Tensor> loss, double... expected) {
    var x = Autograd.track(Tensor.of(OUTPUTS.clone(), 2, 3));
    var y = loss.apply(x);
    var all = new ArrayList<Double>();
    for (double value : y.toDoubles()) {
      all.add(value);
    }
    for (double value : Autograd.backward(y.sum()).of(x).toDoubles()) {
      all.add(value);
    }
    double[] got = all.stream().mapToDouble(Double::doubleValue).toArray();
    assertThat(got).containsExactly(expected, within(2e-7));
    return got;
  }

  @Test
  void divergence() {
    of(
        x -> Losses.klDivergence(x.logSoftmax(1), TARGETS, false, Reduction.SUM),
        new double[] {
          0.854023, -0.1751028, -0.1493805, 0.3244833, 0.2245427, -0.2991064, 0.0745637
        });
    of(
        x -> Losses.klDivergence(x.logSoftmax(1), TARGETS.add(0.1).log(), true, Reduction.SUM),
        new double[] {
          1.6919859, -0.2676336, -0.2041946, 0.4718282, 0.1919056, -0.3688384, 0.1769328
        });
  }

  @Test
  void errors() {
    of(
        x -> Losses.huber(x, TARGETS, 0.7, Reduction.SUM),
        new double[] {2.46, -0.7, 0, 0.7, 0.1, -0.7, 0.6});
    of(
        x -> Losses.absoluteError(x, TARGETS, Reduction.MEAN),
        new double[] {0.8333333, -0.1666667, 0, 0.1666667, 0.1666667, -0.1666667, 0.1666667});
    of(
        x -> Losses.squaredError(x, TARGETS, Reduction.SUM),
        new double[] {6.72, -3.4, 0, 3, 0.2, -2.2, 1.2});
    assertThatThrownBy(() -> Losses.huber(TARGETS, TARGETS, 0, Reduction.SUM))
        .hasMessageContaining("delta");
  }

  @Test
  void logitsFarFromZeroKeepTheirDigits() {
    of(
        x -> Losses.binaryCrossEntropyWithLogits(x.mul(30), TARGETS, null, Reduction.MEAN),
        new double[] {11.8581185, -1, 3.499383, 2.5, 4.7628706, -2, 1.9999999});
    var sure = Tensor.of(new float[] {-60, 60}, 2);
    var right = Tensor.of(new float[] {0, 1}, 2);
    var losses = Losses.binaryCrossEntropyWithLogits(sure, right, null, Reduction.NONE);
    for (double loss : losses.toDoubles()) {
      assertThat(loss / Math.exp(-60)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void weightsAndLabelsThatAreLeftOut() {
    of(
        x ->
            ClassLoss.STANDARD
                .withWeights(WEIGHTS)
                .withReduction(Reduction.NONE)
                .crossEntropy(x, TARGETS),
        new double[] {
          1.1301978, 1.3899027, -0.0651439, -0.0891327, 0.1542766, 0.3592684, -0.2385703, -0.1206981
        });
    var labels = Tensor.of(new long[] {1, 2}, 2);
    of(
        x ->
            ClassLoss.STANDARD
                .withWeights(WEIGHTS)
                .ignoring(2)
                .withReduction(Reduction.NONE)
                .negativeLogLikelihood(x.logSoftmax(1), labels),
        new double[] {1.8929984, 0, 0.0248972, -0.8493805, 0.8244833, 0, 0, 0});
  }

  @Test
  void classesThatAreImpossibleDoNoHarm() {
    double never = Double.NEGATIVE_INFINITY;
    var logits = Tensor.of(new double[] {0, never, 1, never, 0, 1}, 2, 3);
    var first = Tensor.of(new long[] {0, -100}, 2);
    var row = ClassLoss.STANDARD.crossEntropy(logits, first).item();
    assertThat(row).isCloseTo(Math.log(1 + Math.E), within(1e-12));
    var soft = Tensor.of(new double[] {1, 0, 0, 0, 1, 0}, 2, 3);
    assertThat(ClassLoss.STANDARD.crossEntropy(logits, soft).item()).isCloseTo(row, within(1e-12));
  }

  /** All of these once were computed, with shapes that nobody meant. */
  @Test
  void nothingIsBroadcastBehindTheUsersBack() {
    assertThatThrownBy(
            () ->
                Losses.binaryCrossEntropyWithLogits(
                    Tensor.zeros(2, 1), Tensor.zeros(2), null, Reduction.MEAN))
        .hasMessageContaining("F32[2, 1]")
        .hasMessageContaining("F32[2];");
    assertThatThrownBy(() -> Losses.crossEntropyOf(Tensor.zeros(2, 3), Tensor.ones(3), 0))
        .hasMessageContaining("both [N, classes]");
    assertThatThrownBy(
            () -> Losses.crossEntropy(Tensor.zeros(1, 3), Tensor.of(new long[] {1}, 1), 3))
        .hasMessageContaining("between 0 and 1, got 3");
  }

  @Test
  void outputsAndTargetsAreNotComparedEachWithEach() {
    for (var reduction : Reduction.values()) {
      assertThatThrownBy(() -> Losses.squaredError(Tensor.zeros(3, 1), Tensor.ones(3), reduction))
          .hasMessageContaining("squaredError: got outputs F32[3, 1] and targets F32[3]")
          .hasMessageContaining("each with each, as [3, 3]; reshape");
    }
    assertThatThrownBy(() -> Losses.huber(Tensor.zeros(3), Tensor.ones(3, 1), 1, Reduction.MEAN))
        .hasMessageContaining("huber: ");
    // What broadcasts one way is meant.
    var rows = Tensor.zeros(3, 2);
    assertThat(Losses.squaredError(rows, Tensor.ones(2), Reduction.SUM).item()).isEqualTo(6);
    assertThat(Losses.absoluteError(Tensor.scalar(1), rows, Reduction.MEAN).item()).isEqualTo(1);
  }

  @Test
  void aLabelThatIsNoClassIsNamed() {
    var logits = Tensor.zeros(2, 3);
    var says = "crossEntropy: label 3 (number 1 of 2) is none of the 3 classes 0 … 2";
    var labels = Tensor.of(new long[] {-100, 3}, 2);
    assertThatThrownBy(() -> ClassLoss.STANDARD.crossEntropy(logits, labels)).hasMessage(says);
    assertThatThrownBy(() -> Losses.crossEntropy(logits, Tensor.of(new long[] {0, 3}, 2)))
        .hasMessage(says);
    assertThatThrownBy(() -> Losses.crossEntropy(logits, Tensor.of(new long[] {-100, 1}, 2)))
        .hasMessageContaining("label -100 (number 0 of 2)");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    var logits = Tensor.zeros(2, 3);
    assertThatThrownBy(() -> ClassLoss.STANDARD.crossEntropy(logits, Tensor.of(new long[] {1}, 1)))
        .hasMessageContaining("F32[2, 3]")
        .hasMessageContaining("I64[2]");
    assertThatThrownBy(() -> ClassLoss.STANDARD.crossEntropy(logits, Tensor.zeros(2)))
        .hasMessageContaining("probabilities of the outputs' shape");
    assertThatThrownBy(
            () ->
                ClassLoss.STANDARD
                    .withWeights(Tensor.zeros(2))
                    .crossEntropy(logits, Tensor.zeros(2, 3)))
        .hasMessageContaining("2 class weights for 3 classes");
    assertThatThrownBy(() -> ClassLoss.STANDARD.withSmoothing(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(
            () -> ClassLoss.STANDARD.crossEntropy(logits, Tensor.of(new long[] {1, 3}, 2)))
        .hasMessageContaining("3");
  }
}
