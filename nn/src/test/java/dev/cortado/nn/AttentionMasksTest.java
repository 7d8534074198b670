package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Attention that must not look everywhere. */
class AttentionMasksTest {
  private static final int WIDTH = 6;

  private static MultiheadAttention layer() {
    var layer = Layer.initialized(new MultiheadAttention(WIDTH, 2), TestLayers.KEY);
    layer.to(DType.F64);
    return layer;
  }

  private static Tensor tokens(String name, int n, int length) {
    return Tensor.normal(TestLayers.KEY.split(name), n, length, WIDTH).to(DType.F64);
  }

  private static Tensor truths(int[] values, int... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Tensor.wrap(DType.BOOL, bytes, Shape.of(shape));
  }

  private static void assertClose(Tensor got, Tensor expected) {
    assertThat(got.sub(expected).abs().max(false).item()).isLessThan(1e-13);
  }

  @Test
  void paddedKeysMightAsWellNotBeThere() {
    var x = tokens("x", 2, 5);
    var padding = truths(new int[] {0, 0, 0, 1, 1, 0, 0, 0, 1, 1}, 2, 5);
    var result = layer().attendWithWeights(AttentionInput.self(x).withKeyPadding(padding));
    var shorter = x.narrow(1, 0, 3);
    assertClose(result.output(), layer().attend(AttentionInput.of(x, shorter, shorter)));
    assertThat(result.weights().shape()).isEqualTo(Shape.of(2, 2, 5, 5));
    assertThat(result.weights().narrow(3, 3, 2).toDoubles()).containsOnly(0);
    assertClose(result.weights().sum(3), Tensor.ones(2, 2, 5).to(DType.F64));
  }

  @Test
  void causalMeansThatNobodySeesTheFuture() {
    var x = tokens("x", 1, 4);
    var y = layer().attend(AttentionInput.self(x).withCausalMask());
    for (int length = 1; length <= 4; length++) {
      var past = x.narrow(1, 0, length);
      var last = layer().attend(AttentionInput.of(past.narrow(1, length - 1, 1), past, past));
      assertClose(y.narrow(1, length - 1, 1), last);
    }
  }

  @Test
  void aMaskOfTruthsIsOneOfInfinities() {
    var x = tokens("x", 2, 3);
    int[] hidden = {0, 1, 0, 0, 0, 1, 1, 0, 0};
    double[] added = new double[9];
    for (int i = 0; i < 9; i++) {
      added[i] = hidden[i] == 1 ? Double.NEGATIVE_INFINITY : 0;
    }
    var input = AttentionInput.self(x);
    var byTruths = layer().attend(input.withMask(truths(hidden, 3, 3)));
    assertClose(byTruths, layer().attend(input.withMask(Tensor.of(added, 3, 3))));
    assertThat(byTruths.sub(layer().attend(input)).abs().max(false).item()).isGreaterThan(1e-3);
  }

  @Test
  void keysAndValuesMayDiffer() {
    var q = tokens("q", 1, 2);
    var k = tokens("k", 1, 3);
    var same = layer().attend(AttentionInput.of(q, k, k));
    assertClose(layer().attend(AttentionInput.of(q, k, k.copy())), same);
    assertClose(layer().attend(AttentionInput.of(q, q.copy(), q.copy())), layer().apply(q));
  }

  @Test
  void encoderLayersPassMasksOn() {
    var settings = TransformerEncoderLayer.Settings.of(WIDTH, 2).withHidden(5).withDropout(0);
    for (var each : new TransformerEncoderLayer.Settings[] {settings, settings.withNormFirst()}) {
      var layer = Layer.initialized(new TransformerEncoderLayer(each), TestLayers.KEY);
      layer.to(DType.F64);
      var x = tokens("x", 1, 4);
      var all = layer.attend(AttentionInput.self(x).withCausalMask());
      var first = layer.apply(x.narrow(1, 0, 1));
      assertClose(all.narrow(1, 0, 1), first);
      assertThat(layer.state().keySet())
          .startsWith("self_attn.in_proj_weight", "self_attn.in_proj_bias")
          .endsWith("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias")
          .contains("linear1.weight", "linear2.bias");
    }
  }

  @Test
  void saysWhatDoesNotFit() {
    var x = tokens("x", 1, 3);
    assertThatThrownBy(() -> AttentionInput.of(x, tokens("k", 2, 3), x))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("[N, S, E]");
    assertThatThrownBy(() -> AttentionInput.self(x).withKeyPadding(Tensor.ones(1, 3)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("BOOL [1, 3]");
    assertThatThrownBy(() -> layer().apply(Tensor.ones(2, 6, 3)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("tokens of 6 numbers");
  }

  /** Two samples and two heads: a mask per sample would pass for one per head. */
  @Test
  void aMaskOfThreeAxesIsAmbiguous() {
    var x = tokens("x", 2, 3);
    var perSample =
        truths(new int[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 2, 3, 3);
    assertThatThrownBy(() -> AttentionInput.self(x).withMask(perSample))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("unsqueeze");
    var both = layer().attend(AttentionInput.self(x).withMask(perSample.unsqueeze(1)));
    var second = layer().attend(AttentionInput.self(x.narrow(0, 1, 1)));
    assertClose(both.narrow(0, 1, 1), second); // nothing is hidden from the second sample
  }

  @Test
  void encoderLayersTakeNoOtherTokens() {
    var settings = TransformerEncoderLayer.Settings.of(WIDTH, 2).withDropout(0);
    var layer = Layer.initialized(new TransformerEncoderLayer(settings), TestLayers.KEY);
    var x = Tensor.ones(1, 3, WIDTH);
    assertThatThrownBy(() -> layer.attend(AttentionInput.of(x, x.copy(), x.copy())))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("AttentionInput.self(x)");
  }
}
