package dev.cortado.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class ProgressBarProperties {

  // The edges have tests of their own; all their combinations would be more than the tries.
  @Property(edgeCases = EdgeCasesMode.NONE)
  void neverFillsTheLine(
      @ForAll @StringLength(max = 30) String label,
      @ForAll @IntRange(max = 1000) int done,
      @ForAll @IntRange(max = 1000) int total,
      @ForAll @DoubleRange(max = 1e6) double seconds,
      @ForAll @IntRange(min = 1, max = 200) int width,
      @ForAll ProgressBar.Style style) {
    var progress = new Progress(label, done, total, seconds, "loss 1.0");
    assertThat(ProgressBar.render(progress, width, style).length())
        .isLessThanOrEqualTo(Math.max(1, width - 1));
  }
}
