package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.List;
import java.util.Map;
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
  void vectorsAreSwitchedOff() {
    var flags = List.of("-XX:+UnlockExperimentalVMOptions", "-XX:-EnableVectorSupport", MODULE);
    assertThat(Fork.run(Report.class, flags.toArray(String[]::new)))
        .startsWith("reference")
        .contains("EnableVectorSupport")
        .endsWith("6.0");
    assertThat(Fork.run(Report.class, MODULE, "-XX:CompilationMode=quick-only"))
        .startsWith("reference")
        .contains("C2");
  }

  @Test
  void theProcessorsVectorsAreNarrow() {
    assertThat(Fork.run(Report.class, MODULE, "-XX:MaxVectorSize=8"))
        .startsWith("reference")
        .contains("64 bits; at least 128")
        .endsWith("6.0");
  }

  /** One line for each refused backend, and none where all is well. */
  @Test
  void theLogSaysWhyOnce() {
    var errors = "-Dcortado.test.log=true";
    assertThat(Fork.runWithErrors(Report.class, errors).lines().filter(l -> l.contains("WARN")))
        .containsExactly(
            "WARN dev.cortado.tensor.Backends backend simd is not used: the module"
                + " jdk.incubator.vector is missing; start Java with"
                + " --add-modules=jdk.incubator.vector");
    assertThat(Fork.runWithErrors(Report.class, errors, MODULE, "-Xint"))
        .containsOnlyOnce("WARN ")
        .contains("backend simd is not used: the JVM runs without its optimizing compiler");
    assertThat(Fork.runWithErrors(Report.class, errors, MODULE))
        .doesNotContain("WARN dev")
        .contains("simd");
    assertThat(Fork.runWithErrors(Report.class, errors, "-Dcortado.backend=reference"))
        .doesNotContain("WARN ");
  }

  /** JVMs that cannot be started here. */
  @Test
  void anotherJvmOrCompiler() {
    assertThat(new Jit("Eclipse OpenJ9 VM", name -> null).refusal().orElseThrow())
        .contains("Eclipse OpenJ9 VM")
        .contains("not HotSpot");
    var graal = Map.of("TieredCompilation", "true", "UseJVMCICompiler", "true");
    assertThat(new Jit("OpenJDK 64-Bit Server VM", graal::get).refusal().orElseThrow())
        .contains("another compiler");
    var usual = Map.of("TieredCompilation", "true", "TieredStopAtLevel", "4");
    assertThat(new Jit("OpenJDK 64-Bit Server VM", usual::get).refusal()).isEmpty();
    var untiered = Map.of("TieredCompilation", "false", "TieredStopAtLevel", "1");
    assertThat(new Jit("OpenJDK 64-Bit Server VM", untiered::get).refusal()).isEmpty();
  }

  @Test
  void whatTheProgramSaysComesBeforeTheProperty() {
    assertThat(Fork.run(Explicit.class, MODULE, "-Dcortado.backend=reference")).isEqualTo("simd");
    assertThat(Fork.run(Explicit.class, "-Dcortado.backend=reference"))
        .startsWith("backend simd cannot run here");
  }

  /** Asks for a backend by name. */
  static final class Explicit {
    private Explicit() {}

    public static void main(String[] arguments) {
      try {
        var simd = Backends.named("simd");
        System.out.println(Backends.with(simd, () -> Backends.current().name()));
      } catch (CortadoException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Narrow lanes that were asked for on a wide processor compute, for tests. */
  @Test
  void theLanesAreAskedToBeNarrow() {
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.simd.bits=64"))
        .startsWith("simd")
        .endsWith("6.0");
  }

  @Test
  void somebodyAsksForOne() {
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.backend=reference"))
        .startsWith("reference")
        .contains("name=simd, chosen=false, reason=reference was asked for")
        .endsWith("6.0");
    assertThat(Fork.run(Report.class, "-Dcortado.backend=reference"))
        .contains("name=simd, chosen=false, reason=the module jdk.incubator.vector is missing");
    assertThat(Fork.run(Report.class, "-Dcortado.backend=simd"))
        .startsWith("backend simd cannot run here: the module jdk.incubator.vector is missing");
    assertThat(Fork.run(Report.class, MODULE, "-Dcortado.backend=cuda"))
        .startsWith("unknown backend 'cuda'; known are [simd, reference]");
  }
}
