package dev.cortado.simd;

import dev.cortado.tensor.spi.Backend;
import dev.cortado.tensor.spi.BackendProvider;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

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
    var jit = Jit.current().refusal();
    if (jit.isPresent()) {
      return jit;
    }
    int bits = LaneProbe.bits();
    if (bits < 128) {
      return Optional.of(
          "this processor's vectors hold " + bits + " bits; at least 128 are needed");
    }
    return Optional.empty();
  }

  @Override
  public Backend create() {
    return SimdBackend.INSTANCE;
  }

  /**
   * Loaded only once the module is known to be there. Counts what the processor has: narrow lanes
   * on a wide one are asked for, in tests.
   */
  private static final class LaneProbe {
    static int bits() {
      return Math.max(Lanes.F32.vectorBitSize(), FloatVector.SPECIES_PREFERRED.vectorBitSize());
    }
  }
}
