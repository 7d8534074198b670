package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlignedTest {
  private static int front(Map<String, String> options) {
    return Aligned.front(new Jit("OpenJDK 64-Bit Server VM", options::get));
  }

  @Test
  void freesWhatTheHeaderLeavesOfALine() {
    var objects = "ObjectAlignmentInBytes";
    var narrow = "UseCompressedClassPointers";
    assertThat(front(Map.of(objects, "64", narrow, "true"))).isEqualTo(12);
    assertThat(front(Map.of(objects, "128", narrow, "true"))).isEqualTo(12);
    assertThat(front(Map.of(objects, "64", narrow, "false"))).isEqualTo(11);
    assertThat(front(Map.of(objects, "64", narrow, "true", "UseCompactObjectHeaders", "true")))
        .isEqualTo(13);
  }

  @Test
  void freesNothingWhereArraysBeginAnywhere() {
    assertThat(front(Map.of("ObjectAlignmentInBytes", "8"))).isZero();
    assertThat(front(Map.of("ObjectAlignmentInBytes", "32"))).isZero();
    assertThat(front(Map.of())).isZero();
  }

  @Test
  void recyclesArraysAllTheSame() {
    var x = Tensor.normal(RandomKey.of(1), 8, 16, 8, 8).channelsLast();
    Object first;
    try (var step = Scope.open()) {
      first = x.relu().host().array();
    }
    try (var step = Scope.open()) {
      assertThat(x.sqrt().host().array()).isSameAs(first);
    }
  }
}
