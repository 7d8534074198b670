package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Supplier;

/** Computes on both backends and compares. */
final class Both {
  private Both() {}

  /**
   * Asserts that simd, with one thread and with three, gives the reference's numbers to the last
   * bit (−0 is not 0, NaN is NaN), and returns them.
   */
  static Tensor same(Supplier<Tensor> body) {
    var expected = Backends.with(Backends.reference(), body);
    for (var result : threads(body)) {
      assertThat(result.spec()).isEqualTo(expected.spec());
      boolean equal =
          result.dtype().isFloating()
              ? Arrays.equals(result.toDoubles(), expected.toDoubles())
              : Arrays.equals(result.toLongs(), expected.toLongs());
      assertThat(equal).as("%s", result.spec()).isTrue();
    }
    return expected;
  }

  /** Returns simd's results with one thread and with three. */
  static ArrayList<Tensor> threads(Supplier<Tensor> body) {
    var results = new ArrayList<Tensor>();
    for (int threads : new int[] {1, 3}) {
      Parallel.withThreads(threads, () -> results.add(Backends.with(SimdBackend.INSTANCE, body)));
    }
    return results;
  }
}
