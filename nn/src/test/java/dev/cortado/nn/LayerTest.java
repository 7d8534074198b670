package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerTest {
  @Test
  void stateWithoutNumbersIsNamed() {
    var network = new Sequential(new Linear(3, 4), new Sequential(new BatchNorm2d(4)));
    assertThatThrownBy(() -> network.apply(Tensor.zeros(1, 3)))
        .hasMessageStartingWith("0.bias F32[4] of Linear has no numbers yet: call");
    var norm = network.layers().get("1.0");
    assertThatThrownBy(() -> norm.ownBuffers().get("running_mean").value())
        .hasMessageStartingWith("1.0.running_mean F32[4] of BatchNorm2d has no numbers");
  }

  @Test
  void stateIsInTorchsOrder() {
    assertThat(TestLayers.classifier().state().keySet())
        .containsExactly(
            "0.0.0.weight",
            "0.0.1.weight",
            "0.0.1.bias",
            "0.0.1.running_mean",
            "0.0.1.running_var",
            "0.0.1.num_batches_tracked",
            "0.1.0.weight",
            "0.1.1.weight",
            "0.1.1.bias",
            "0.1.1.running_mean",
            "0.1.1.running_var",
            "0.1.1.num_batches_tracked",
            "4.weight",
            "4.bias");
  }

  @Test
  void countsParameters() {
    var model = TestLayers.classifier();
    int trunk = 3 * 4 * 9 + 8 + 4 * 6 * 9 + 12;
    assertThat(model.parameterCount()).isEqualTo(trunk + 21);
    model.freeze("0");
    assertThat(model.trainableCount()).isEqualTo(21);
  }

  @Test
  void aLayerWithoutNumbersSaysWhatIsMissing() {
    var linear = new Linear(2, 3);
    assertThatThrownBy(() -> linear.apply(Tensor.ones(1, 2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("F32[3]")
        .hasMessageContaining("initialize(key) or load(state)");
  }

  @Test
  void sameSeedSameWeightsWhateverElseThereIs() {
    var alone = Layer.initialized(new Sequential(new Linear(4, 4)), RandomKey.of(1));
    var longer =
        Layer.initialized(new Sequential(new Linear(4, 4), new Linear(4, 4)), RandomKey.of(1));
    var other = Layer.initialized(new Sequential(new Linear(4, 4)), RandomKey.of(2));
    float[] weight = alone.state().get("0.weight").toFloats();
    assertThat(longer.state().get("0.weight").toFloats()).isEqualTo(weight);
    assertThat(longer.state().get("1.weight").toFloats()).isNotEqualTo(weight);
    assertThat(other.state().get("0.weight").toFloats()).isNotEqualTo(weight);
  }

  @Test
  void frozenMeansFrozenAlsoAfterTrain() {
    var model = TestLayers.classifier();
    model.freeze("0,3");
    model.train();
    var before = model.state().get("0.1.1.running_mean").toFloats();
    // Without a random key an active dropout would throw.
    float[] first = model.apply(TestLayers.images("a", 2, 3, 8)).toFloats();
    assertThat(model.state().get("0.1.1.running_mean").toFloats()).isEqualTo(before);
    assertThat(model.state().get("0.1.1.num_batches_tracked").item()).isZero();
    model.eval();
    assertThat(model.apply(TestLayers.images("a", 2, 3, 8)).toFloats()).isEqualTo(first);
  }

  @Test
  void aBatchNormWhoseParametersAreFrozenStandsStill() {
    var model = TestLayers.classifier();
    model.freeze("0.?.1.weight, *.1.bias");
    assertThat(model.layers().get("0.1.1")).matches(Layer::isFrozen);
    assertThat(model.layers().get("0.1.0")).matches(Layer::isTraining);
    assertThat(model.trainableCount()).isEqualTo(model.parameterCount() - 20);
  }

  @Test
  void unfreezesAPartOfWhatWasFrozen() {
    var model = TestLayers.classifier();
    model.freeze("*");
    assertThat(model.trainableCount()).isZero();
    model.unfreeze("0.[1-2]");
    assertThat(model.layers().get("0.1.1")).matches(Layer::isTraining);
    assertThat(model.layers().get("0.0.1")).matches(Layer::isFrozen);
    assertThat(model.trainableCount()).isEqualTo(4 * 6 * 9 + 12);
  }

  @Test
  void aPatternThatMatchesNothingIsAnError() {
    assertThatThrownBy(() -> TestLayers.classifier().freeze("0,featres.*"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("'featres.*'")
        .hasMessageContaining("[0, 1, 2, 3, 4]");
    assertThatThrownBy(() -> TestLayers.classifier().freeze("0,"))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("empty part");
  }

  @Test
  void hooksSeeInputAndOutputUntilTheyAreTakenAway() {
    var linear = Layer.initialized(new Linear(2, 3), TestLayers.KEY);
    var seen = new ArrayList<String>();
    var hook =
        new LayerHook() {
          @Override
          public void before(Layer layer, Tensor input) {
            seen.add("before " + input.shape());
          }

          @Override
          public void after(Layer layer, Tensor input, Tensor output) {
            seen.add("after " + input.shape() + output.shape());
          }
        };
    try (var registration = linear.addHook(hook)) {
      linear.apply(Tensor.ones(5, 2));
      assertThat(registration).isNotNull();
    }
    linear.apply(Tensor.ones(5, 2));
    assertThat(seen).containsExactly("before [5, 2]", "after [5, 2][5, 3]");
  }

  @Test
  void hooksMayChangeWhatGoesInAndComesOut() {
    var identity = new Identity();
    var doubled =
        identity.addHook(
            new LayerHook() {
              @Override
              public Tensor changeInput(Layer layer, Tensor input) {
                return input.mul(2);
              }
            });
    var plusOne =
        identity.addHook(
            new LayerHook() {
              @Override
              public Tensor changeOutput(Layer layer, Tensor output) {
                return output.add(1);
              }
            });
    assertThat(identity.apply(Tensor.scalar(3)).item()).isEqualTo(7);
    doubled.close();
    assertThat(identity.apply(Tensor.scalar(3)).item()).isEqualTo(4);
    plusOne.close();
    assertThat(identity.apply(Tensor.scalar(3)).item()).isEqualTo(3);
  }

  @Test
  void visitsEveryLayerParentsFirst() {
    var seen = new ArrayList<String>();
    TestLayers.classifier().visit((name, layer) -> seen.add(name + ":" + layer.kind()));
    assertThat(seen)
        .startsWith(":Sequential", "0:Sequential", "0.0:ConvNormActivation", "0.0.0:Conv2d")
        .endsWith("4:Linear")
        .hasSize(14);
  }

  @Test
  void computesWithOtherParametersAndForgetsThem() {
    var linear = Layer.initialized(new Linear(2, 1, false), TestLayers.KEY);
    var x = Tensor.of(new float[] {3, 4}, 1, 2);
    float before = linear.apply(x).toFloats()[0];
    var other = Map.of("weight", Tensor.of(new float[] {10, 1}, 1, 2));
    assertThat(linear.applyWith(other, x).toFloats()).containsExactly(34);
    assertThat(linear.apply(x).toFloats()).containsExactly(before);
    assertThatThrownBy(() -> linear.applyWith(Map.of("wait", x), x)).hasMessageContaining("wait");
    assertThatThrownBy(() -> linear.applyWith(Map.of("weight", x.t()), x))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("F32[1, 2], got F32[2, 1]");
  }

  @Test
  void aCopyOfAModelLivesItsOwnLife() {
    var model = TestLayers.classifier();
    model.freeze("0.0");
    model.layers().get("0.1").eval();
    var copy = Layer.copyOf(model);
    assertThat(copy.trainableCount()).isEqualTo(model.trainableCount());
    assertThat(copy.layers().get("0.0")).matches(Layer::isFrozen);
    assertThat(copy.layers().get("0.1").isTraining()).isFalse();
    assertThat(copy.layers().get("3").isTraining()).isTrue();
    float[] before = model.state().get("4.weight").toFloats();
    copy.initialize(RandomKey.of(99));
    assertThat(copy.state().get("4.weight").toFloats()).isNotEqualTo(before);
    assertThat(model.state().get("4.weight").toFloats()).isEqualTo(before);
    assertThat(Layer.copyOf(new Linear(2, 2)).ownParameters().get("weight").hasNumbers()).isFalse();
  }

  @Test
  void aLayerThatCannotBeCopiedSaysHowToMendIt() {
    var own =
        new Layer() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }

          @Override
          public String kind() {
            return "Mine";
          }
        };
    assertThatThrownBy(() -> Layer.copyOf(new Sequential(own)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("Mine cannot be copied")
        .hasMessageContaining("twin()");
  }

  @Test
  void convertsToDoublePrecision() {
    var model = TestLayers.classifier();
    model.eval();
    var x = TestLayers.images("a", 2, 3, 8);
    float[] single = model.apply(x).toFloats();
    model.to(DType.F64);
    var y = model.apply(x.to(DType.F64));
    assertThat(y.dtype()).isEqualTo(DType.F64);
    assertThat(model.state().get("0.0.1.num_batches_tracked").dtype()).isEqualTo(DType.I64);
    assertThat(y.toFloats()).usingComparatorWithPrecision(1e-5f).containsExactly(single);
    assertThatThrownBy(() -> model.to(DType.F16)).isInstanceOf(CortadoException.class);
  }

  @Test
  void printsAsATree() {
    assertThat(new Sequential(new Linear(2, 3), new Sequential(new Dropout(0.5))).toString())
        .isEqualTo(
            """
            Sequential(
              (0): Linear(2, 3)
              (1): Sequential(
                (0): Dropout(p=0.5)
              )
            )\
            """);
  }
}
