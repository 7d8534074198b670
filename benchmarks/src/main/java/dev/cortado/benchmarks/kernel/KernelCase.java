package dev.cortado.benchmarks.kernel;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table before it is measured.
 *
 * @param kernel what is computed
 * @param shape on what
 * @param unit what binds it: arithmetic or memory
 * @param work floating-point operations or bytes of one run; of bytes, every input that must be
 *     read and every output that must be written counts once
 * @param control the kernel, of the same shape, that does the same by hand; null without one
 * @param prepare makes the inputs and returns one run
 */
public record KernelCase(
    String kernel,
    String shape,
    Unit unit,
    double work,
    @Nullable String control,
    Supplier<Runnable> prepare) {

  /** What a figure is measured in. */
  public enum Unit {
    /** Billions of floating-point operations a second; the limit is the multiply-add peak. */
    GFLOPS("GFLOP/s"),
    /** Billions of bytes a second; the limit is the bandwidth of a copy. */
    GBPS("GB/s");

    private final String symbol;

    Unit(String symbol) {
      this.symbol = symbol;
    }

    /** Returns how it is written. */
    public String symbol() {
      return symbol;
    }
  }

  /** Returns a case bound by arithmetic. */
  static KernelCase flops(String kernel, String shape, double flops, Supplier<Runnable> prepare) {
    return new KernelCase(kernel, shape, Unit.GFLOPS, flops, null, prepare);
  }

  /** Returns a case bound by memory, which moves {@code floats} numbers of four bytes. */
  static KernelCase floats(String kernel, String shape, double floats, Supplier<Runnable> prepare) {
    return new KernelCase(kernel, shape, Unit.GBPS, Float.BYTES * floats, null, prepare);
  }

  /** Returns this case with a control. */
  KernelCase beside(String handwritten) {
    return new KernelCase(kernel, shape, unit, work, handwritten, prepare);
  }

  /** Returns kernel and shape: what a pattern is matched against. */
  public String id() {
    return kernel + " " + shape;
  }
}
