package dev.cortado.simd;

import dev.cortado.tensor.spi.Backend;
import dev.cortado.tensor.spi.BackendProvider;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Says whether the Vector API can be used here, without touching it. */
public final class SimdProvider implements BackendProvider {
  private static final String MODULE = "jdk.incubator.vector";

  /** Creates the provider; for {@link java.util.ServiceLoader}. */
  public SimdProvider() {}

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Optional<String> refusal() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "the module " + MODULE + " is missing; start Java with --add-modules=" + MODULE);
    }
    if (!hasOptimizingCompiler()) {
      return Optional.of(
          "the JVM runs without its optimizing compiler (C2), where vectors are far slower than"
              + " loops");
    }
    int bits = LaneProbe.bits();
    if (bits < 128) {
      return Optional.of(
          "this processor's vectors hold " + bits + " bits; at least 128 are needed");
    }
    return Optional.empty();
  }

  /**
   * The name of the compilers tells: HotSpot says "Tiered Compilers" for both; the flags tell if C2
   * was switched off.
   */
  private static boolean hasOptimizingCompiler() {
    var compilation = ManagementFactory.getCompilationMXBean();
    if (compilation == null) {
      return false;
    }
    for (var argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.matches("-XX:TieredStopAtLevel=[0-3]") || argument.equals("-Xint")) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Backend create() {
    return SimdBackend.INSTANCE;
  }

  /** Loaded only once the module is known to be there. */
  private static final class LaneProbe {
    static int bits() {
      return Lanes.F32.vectorBitSize();
    }
  }
}
