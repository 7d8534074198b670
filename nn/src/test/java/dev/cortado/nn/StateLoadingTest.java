package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateLoadingTest {
  private static Sequential small(int classes) {
    return new Sequential(new BatchNorm2d(2), new Flatten(), new Linear(2, classes));
  }

  @Test
  void copiesNumbersAndSharesNothing() {
    var from = Layer.initialized(small(3), RandomKey.of(1));
    var to = small(3);
    var report = to.load(from.state(), true);
    assertThat(report.loaded()).isEqualTo(7);
    assertThat(report.isComplete()).isTrue();
    var weight = to.state().get("2.weight");
    assertThat(weight.toFloats()).isEqualTo(from.state().get("2.weight").toFloats());
    assertThat(weight.storage()).isNotSameAs(from.state().get("2.weight").storage());
  }

  @Test
  void writesIntoTheSameTensorsOnceThereAreNumbers() {
    var layer = Layer.initialized(small(3), RandomKey.of(1));
    var before = layer.state().get("2.weight");
    layer.load(Layer.initialized(small(3), RandomKey.of(2)).state(), true);
    assertThat(layer.state().get("2.weight").storage()).isSameAs(before.storage());
  }

  @Test
  void readsHalfPrecision() {
    var state = Layer.initialized(small(3), RandomKey.of(1)).state();
    var weight = state.get("2.weight");
    state.put("2.weight", weight.to(DType.F16));
    var layer = small(3);
    layer.load(state, true);
    assertThat(layer.state().get("2.weight").dtype()).isEqualTo(DType.F32);
    assertThat(layer.state().get("2.weight").toFloats())
        .isEqualTo(weight.to(DType.F16).to(DType.F32).toFloats());
  }

  @Test
  void aFileWithoutCountersLoads() {
    var state = Layer.initialized(small(3), RandomKey.of(1)).state();
    state.remove("0.num_batches_tracked");
    var layer = small(3);
    assertThat(layer.load(state, true).loaded()).isEqualTo(6);
    assertThat(layer.state().get("0.num_batches_tracked").item()).isZero();
  }

  @Test
  void reportsEverythingThatDoesNotFitAtOnceAndLoadsNothing() {
    var layer = Layer.initialized(small(3), RandomKey.of(1));
    var state = Layer.initialized(small(5), RandomKey.of(2)).state();
    state.remove("0.running_var");
    state.put("head.weight", Tensor.ones(4, 4));
    var before = layer.state().get("0.running_mean").toFloats();
    assertThatThrownBy(() -> layer.load(state, true))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            """
            the state does not fit this Sequential:
            1 missing:
              0.running_var F32[2]
            1 unexpected:
              head.weight F32[4, 4]
            2 of another shape or type:
              2.bias is F32[5], expected F32[3]
              2.weight is F32[5, 2], expected F32[3, 2]\
            """);
    assertThat(layer.state().get("0.running_mean").toFloats()).isEqualTo(before);
    var report = layer.load(state, false);
    assertThat(report.loaded()).isEqualTo(4);
    assertThat(report.mismatched().keySet()).containsExactly("2.bias", "2.weight");
  }

  @Test
  void longListsAreCut() {
    var layers = new Linear[30];
    java.util.Arrays.setAll(layers, i -> new Linear(1, 1));
    assertThatThrownBy(() -> new Sequential(layers).load(Map.of(), true))
        .hasMessageContaining("60 missing")
        .hasMessageContaining("... and 50 more");
  }

  @Test
  void formerNamesLoad() {
    class Renamed extends Layer {
      final Parameter scale = parameter("scale", Initializer.ONES, 2);

      @Override
      public Tensor forward(Tensor x) {
        return x.mul(scale.tensor());
      }

      @Override
      protected Map<String, String> formerNames() {
        return Map.of("gamma", "scale");
      }
    }
    var layer = new Sequential(new Renamed());
    layer.load(Map.of("0.gamma", Tensor.of(new float[] {3, 4}, 2)), true);
    assertThat(layer.state().get("0.scale").toFloats()).containsExactly(3, 4);
  }
}
