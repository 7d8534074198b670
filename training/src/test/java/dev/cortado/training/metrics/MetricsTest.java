package dev.cortado.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void accuracyCountsImagesNotBatches() {
    var accuracy = new Accuracy();
    assertThat(accuracy.value()).isNaN();
    accuracy.add(new int[] {0, 1, 2, 2}, new int[] {0, 1, 1, 2});
    accuracy.add(0, 1);
    assertThat(accuracy.correct()).isEqualTo(3);
    assertThat(accuracy.total()).isEqualTo(5);
    assertThat(accuracy.value()).isEqualTo(0.6);
  }

  @Test
  void accuracyRefusesWhatCannotBe() {
    var accuracy = new Accuracy();
    assertThatThrownBy(() -> accuracy.add(3, 2)).hasMessageContaining("3 correct of 2");
    assertThatThrownBy(() -> accuracy.add(new int[2], new int[3])).hasMessageContaining("2 pred");
  }

  @Property
  void theMeanIsThatOfAllImagesHoweverTheyAreCut(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -10, max = 10) Double> losses,
      @ForAll @IntRange(min = 1, max = 9) int batchSize) {
    var mean = new RunningMean();
    for (int from = 0; from < losses.size(); from += batchSize) {
      var batch = losses.subList(from, Math.min(losses.size(), from + batchSize));
      mean.add(batch.stream().mapToDouble(d -> d).average().orElseThrow(), batch.size());
    }
    double expected = losses.stream().mapToDouble(d -> d).average().orElseThrow();
    assertThat(mean.value()).isCloseTo(expected, within(1e-9));
    assertThat(mean.count()).isEqualTo(losses.size());
  }

  @Test
  void anEmptyMeanIsNoNumberAndAnEmptyBatchChangesNothing() {
    var mean = new RunningMean();
    mean.add(Double.NaN, 0);
    assertThat(mean.value()).isNaN();
    mean.add(2, 3);
    assertThat(mean.value()).isEqualTo(2);
    assertThatThrownBy(() -> mean.add(1, -1)).hasMessageContaining("-1");
  }

  @Test
  void confusionMatrixCountsAndPrints() {
    var matrix = new ConfusionMatrix(List.of("pizza", "steak", "sushi"));
    matrix.add(new int[] {0, 0, 1, 2, 1, 1}, new int[] {0, 0, 0, 1, 1, 1});
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.recall(0)).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(matrix.recall(2)).isNaN();
    assertThat(matrix.precision(1)).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(matrix.precision(2)).isZero();
    assertThat(matrix.accuracy()).isCloseTo(4.0 / 6, within(1e-12));
    assertThat(matrix.toText())
        .isEqualTo(
            """
            actual \\ predicted  pizza  steak  sushi  recall
            pizza                   2      1      .  66.7 %
            steak                   .      2      1  66.7 %
            sushi                   .      .      .       -
            """);
  }

  @Test
  void confusionMatrixNamesAClassItDoesNotKnow() {
    var matrix = new ConfusionMatrix(List.of("a", "b"));
    assertThat(matrix.accuracy()).isNaN();
    assertThatThrownBy(() -> matrix.add(2, 0)).hasMessage("class 2 is not among the 2 classes");
    assertThatThrownBy(() -> matrix.add(new int[1], new int[2])).hasMessageContaining("1 pred");
  }

  @Test
  void longNamesAreShortened() {
    var matrix = new ConfusionMatrix(List.of("x".repeat(60), "b"));
    matrix.add(0, 1);
    assertThat(Arrays.stream(matrix.toText().split("\n")).mapToInt(String::length).distinct())
        .hasSize(1);
    assertThat(matrix.toText()).contains("x".repeat(23) + "…");
  }
}
