package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.op.Arithmetic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who owns a storage, and who wrote into it last. */
class ScopeOwnershipTest {
  private static Tensor born() {
    return Tensor.arange(2000).add(1);
  }

  @Test
  void theInnermostOpenScopeIsTheCurrentOne() {
    assertThat(Scope.current()).isNull();
    try (var outer = Scope.open()) {
      assertThat(Scope.current()).isSameAs(outer);
      try (var inner = Scope.open()) {
        assertThat(Scope.current()).isSameAs(inner);
        assertThat(Scope.<Boolean>outside(() -> Scope.current() == null)).isTrue();
      }
      assertThat(Scope.current()).isSameAs(outer);
    }
    assertThat(Scope.current()).isNull();
  }

  @Test
  void ownsWhatWasBornInItUntilItIsKeptOrRecycled() {
    try (var outer = Scope.open()) {
      var early = born();
      try (var inner = Scope.open()) {
        var late = born();
        assertThat(inner.owns(early)).isFalse();
        assertThat(outer.owns(early)).isTrue();
        assertThat(inner.owns(late)).isTrue();
        assertThat(inner.owns(late.narrow(0, 3, 5))).isTrue(); // a view has the same storage
        inner.keep(late);
        assertThat(inner.owns(late)).isFalse();
        assertThat(outer.owns(late)).isTrue();
        outer.recycle(late);
        assertThat(outer.owns(late)).isFalse();
        assertThatThrownBy(late::toFloats).hasMessageStartingWith("stale tensor: it was made by");
      }
      assertThat(early.toFloats()[0]).isEqualTo(1);
    }
  }

  @Test
  void aStorageRemembersWhoOverwroteIt() {
    var x = Tensor.zeros(3);
    assertThat(x.storage().version()).isZero();
    assertThat(x.storage().writer()).isNull();
    Ops.into(new Arithmetic.Affine(1, 2), List.of(x), List.of(x));
    assertThat(x.storage().version()).isOne();
    assertThat(x.storage().writer()).isEqualTo("add");
    assertThat(x.toFloats()).containsOnly(2);
  }

  @Test
  void tensorsWithoutElementsAreDense() {
    var empty = Tensor.zeros(2, 0, 3).permute(2, 0, 1);
    assertThat(empty.layout().isContiguous(empty.shape())).isTrue();
    assertThat(empty.layout().isDense(empty.shape())).isTrue();
    assertThat(Tensor.scalar(1).expand(2, 0, 3).contiguous().toFloats()).isEmpty();
  }
}
