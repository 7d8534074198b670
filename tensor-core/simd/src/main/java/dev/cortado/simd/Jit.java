package dev.cortado.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM makes of vectors. Only HotSpot's optimizing compiler, C2, is known to turn them
 * into the machine's own; anywhere else they are objects, hundreds of times slower than the loops
 * of the reference.
 *
 * @param vm the JVM's name
 * @param option the value of a HotSpot option, or null where there is no such option
 */
record Jit(String vm, UnaryOperator<@Nullable String> option) {
  private static final int C2 = 4;

  /** Returns the JVM that runs this. */
  static Jit current() {
    var vm = System.getProperty("java.vm.name", "unknown");
    try {
      var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return new Jit(vm, bean == null ? name -> null : name -> value(bean, name));
    } catch (LinkageError | IllegalArgumentException e) {
      return new Jit(vm, name -> null);
    }
  }

  private static @Nullable String value(HotSpotDiagnosticMXBean bean, @Nullable String name) {
    try {
      return bean.getVMOption(name).getValue();
    } catch (IllegalArgumentException | NullPointerException e) {
      return null;
    }
  }

  /** Returns how many methods C2 compiles at a time, at most. */
  int compilers() {
    var all = option.apply("CICompilerCount");
    int count = all == null ? 1 : Integer.parseInt(all);
    // One in three is C1, as HotSpot's CompilationPolicy shares them out.
    return Math.max(1, count - Math.max(1, count / 3));
  }

  /** Returns why vectors would be slow here, or nothing if they are fast. */
  Optional<String> refusal() {
    if (option.apply("UseCompressedOops") == null && option.apply("TieredCompilation") == null) {
      return Optional.of(
          "this JVM ("
              + vm
              + ") is not HotSpot, whose compiler C2 is the one that is known to make vectors"
              + " fast");
    }
    if (is("UseJVMCICompiler", "true")) {
      return Optional.of(
          "this JVM compiles with another compiler than C2, the one that is known to make vectors"
              + " fast; -XX:-UseJVMCICompiler brings C2 back");
    }
    if (isInterpreted() || isWithoutC2()) {
      return Optional.of(
          "the JVM runs without its optimizing compiler (C2), where vectors are far slower than"
              + " loops");
    }
    if (is("EnableVectorSupport", "false")) {
      return Optional.of("the JVM was started with -XX:-EnableVectorSupport");
    }
    return Optional.empty();
  }

  private static boolean isInterpreted() {
    return System.getProperty("java.vm.info", "").startsWith("interpreted");
  }

  private boolean isWithoutC2() {
    var level = option.apply("TieredStopAtLevel");
    boolean tiered = !is("TieredCompilation", "false");
    return (tiered && level != null && Integer.parseInt(level) < C2)
        || is("UseCompiler", "false")
        || is("CompilationMode", "quick-only");
  }

  private boolean is(String name, String value) {
    return value.equals(option.apply(name));
  }
}
