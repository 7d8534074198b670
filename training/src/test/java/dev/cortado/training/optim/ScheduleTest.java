package dev.cortado.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cortado.testkit.SharedData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning rates by the epoch, beside another framework's. */
class ScheduleTest {
  static Stream<JsonNode> cases() {
    var cases = new ArrayList<JsonNode>();
    for (var c : SharedData.json(SharedData.path("golden/ops/sched.json")).get("cases")) {
      if (c.has("main")) {
        cases.add(c);
      }
    }
    assertThat(cases).hasSize(7);
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyEpochHasTheSameRate(JsonNode c) {
    var schedule = schedule(c);
    double base = c.get("base_lr").asDouble();
    for (int epoch = 0; epoch < c.get("epochs").asInt(); epoch++) {
      double expected = c.get("lr").get(epoch).asDouble();
      // torch multiplies factor by factor, so its roundings add up over the epochs.
      assertThat(schedule.rate(base, epoch))
          .as("%s, epoch %d", c.get("id").asText(), epoch)
          .isCloseTo(expected, within(1e-12 * base));
    }
  }

  private static Schedule schedule(JsonNode c) {
    var main = main(c);
    return c.path("warmup").isTextual()
        ? new Schedule.WarmUp(
            c.get("warmup_epochs").asLong(),
            c.get("warmup_decay").asDouble(),
            c.get("warmup").asText().equals("linear"),
            main)
        : main;
  }

  private static Schedule main(JsonNode c) {
    double gamma = c.path("gamma").asDouble();
    return switch (c.get("main").asText()) {
      case "cosine" -> new Schedule.Cosine(c.get("T_max").asLong(), c.path("eta_min").asDouble());
      case "step" -> new Schedule.Step(c.get("step_size").asLong(), gamma);
      case "multistep" -> {
        var at = new ArrayList<Long>();
        c.get("milestones").forEach(mark -> at.add(mark.asLong()));
        yield new Schedule.Milestones(at, gamma);
      }
      case "exponential" -> new Schedule.Exponential(gamma);
      case "onecycle" ->
          new Schedule.OneCycle(c.get("max_lr").asDouble(), c.get("total_steps").asLong());
      default -> throw new AssertionError("no schedule is called " + c.get("main"));
    };
  }

  @Test
  void theBaseStaysWithoutASchedule() {
    assertThat(new Schedule.Constant().rate(0.3, 1000)).isEqualTo(0.3);
    var late = new Schedule.WarmUp(2, 0.5, false, new Schedule.Constant());
    assertThat(List.of(late.rate(1, 1), late.rate(1, 2))).containsExactly(0.5, 1.0);
  }

  @Test
  void aWarmUpStartsAtAShare() {
    var constant = new Schedule.Constant();
    for (double start : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Schedule.WarmUp(3, start, true, constant))
          .hasMessageContaining("a share of 0 to 1, got " + start);
    }
  }

  @Test
  void lengthsMustBePositive() {
    assertThatThrownBy(() -> new Schedule.Cosine(0, 0)).hasMessageContaining("cosine");
    assertThatThrownBy(() -> new Schedule.Step(0, 0.5)).hasMessageContaining("step");
    assertThatThrownBy(() -> new Schedule.OneCycle(1, -1)).hasMessageContaining("cycle");
    assertThatThrownBy(() -> new Schedule.WarmUp(0, 0, true, new Schedule.Constant()))
        .hasMessageContaining("warm-up");
  }
}
