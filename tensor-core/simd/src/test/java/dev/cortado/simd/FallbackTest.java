package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Where vectors cannot be used, or would be slow, the reference serves and says why. */
class FallbackTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  /** Prints who computes, what was said of each candidate, and a result. */
  static final class Report {
    private Report() {}

    public static void main(String[] arguments) {
      try {
        System.out.println(Backends.current().name());
        Backends.candidates().forEach(System.out::println);
        System.out.println(Tensor.ones(3).add(1).sum().item());
      } catch (CortadoException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void theModuleIsMissing() {
    assertThat(Fork.run(Report.class))
        .startsWith("reference")
        .contains("--add-modules=jdk.incubator.vector")
        .endsWith("6.0");
  }

  @Test
  void theOptimizingCompilerIsOff() {
    for (var flag : new String[] {"-XX:TieredStopAtLevel=1", "-Xint"}) {
      assertThat(Fork.run(Report.class, MODULE, flag))
          .startsWith("reference")
          .contains("C2")
          .endsWith("6.0");
    }
  }

  @Test
  void theLanesAreNarrow() {
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.simd.bits=64"))
        .startsWith("reference")
        .contains("64 bits; at least 128")
        .endsWith("6.0");
  }

  @Test
  void somebodyAsksForOne() {
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.backend=reference"))
        .startsWith("reference")
        .endsWith("6.0");
    assertThat(Fork.run(Report.class, "-Dcortado.backend=simd"))
        .startsWith("backend simd cannot run here: the module jdk.incubator.vector is missing");
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.backend=cuda"))
        .startsWith("unknown backend 'cuda'; known are [simd, reference]");
  }
}
