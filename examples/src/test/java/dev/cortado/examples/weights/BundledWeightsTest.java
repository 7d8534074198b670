package dev.cortado.examples.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.DType;
import dev.cortado.vision.weights.Naming;
import dev.cortado.vision.weights.StateNames;
import dev.cortado.vision.weights.WeightsCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BundledWeightsTest {
  @Test
  void theFileIsTheOneTheNoticeSpeaksOf() throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var in = new DigestInputStream(BundledWeights.open(), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    var hex = HexFormat.of().formatHex(digest.digest());
    assertThat(hex).isEqualTo(BundledWeights.LITE0.sha256());
    assertThat(text("NOTICE")).contains(hex).contains("Google").contains("ML Illustrated");
    assertThat(text("LICENSE")).contains("Apache License").contains("Version 2.0, January 2004");
  }

  @Test
  void holdsEveryParameterOfLite0() {
    var file = BundledWeights.read();
    var state = StateNames.convert(file.name(), file.tensors());
    assertThat(state.naming()).isEqualTo(Naming.TIMM_EFFICIENTNET);
    long parameters =
        state.tensors().entrySet().stream()
            .filter(e -> !e.getKey().contains("running_"))
            .mapToLong(e -> e.getValue().elements())
            .sum();
    assertThat(parameters).isEqualTo(BundledWeights.LITE0.parameters());
    assertThat(file.tensor("conv_stem.weight").dtype()).isEqualTo(DType.F16);
    assertThat(file.widened().tensor("conv_stem.weight").dtype()).isEqualTo(DType.F32);
  }

  @Test
  void preparesPhotosAsTheCatalogueSays() {
    var published = WeightsCatalog.find(BundledWeights.LITE0.model(), WeightsCatalog.DEFAULT);
    assertThat(BundledWeights.LITE0.preset()).isEqualTo(published.preset());
    assertThat(BundledWeights.LITE0.parameters()).isEqualTo(published.parameters());
    assertThat(BundledWeights.LITE0.file()).isEqualTo(BundledWeights.read().name());
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = BundledWeights.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
