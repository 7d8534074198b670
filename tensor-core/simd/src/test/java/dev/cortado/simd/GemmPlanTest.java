package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GemmPlanTest {
  /** As many rows as pixels of a large batch: products of such numbers do not fit into an int. */
  @Test
  void tallMatricesAreCutIntoChunksThatFollowEachOther() {
    var plan = GemmPlan.of(20_000_000, 64, 32);
    int strips = plan.tiling().strips().count();
    assertThat((long) strips * plan.down()).isGreaterThan(Integer.MAX_VALUE);
    assertThat(GemmPlan.cut(strips, 0, plan.down())).isZero();
    for (int i = 0; i < plan.down(); i++) {
      assertThat(GemmPlan.cut(strips, i, plan.down()))
          .isLessThan(GemmPlan.cut(strips, i + 1, plan.down()));
    }
    assertThat(GemmPlan.cut(strips, plan.down(), plan.down())).isEqualTo(strips);
  }
}
