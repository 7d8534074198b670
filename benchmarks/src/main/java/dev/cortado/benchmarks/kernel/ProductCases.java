package dev.cortado.benchmarks.kernel;

import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Matrix products: large ones in all transpositions, and those that 1×1 convolutions are. */
final class ProductCases {
  private static final int[][] LARGE = {{1024, 1024, 1024}, {3152, 768, 768}, {197, 768, 768}};
  private static final int[][] LINEAR = {{3152, 3072, 768}, {1, 1000, 1280}};
  private static final int[][] POINTWISE = {
    {12544, 96, 16},
    {12544, 16, 96},
    {3136, 144, 24},
    {784, 240, 40},
    {196, 480, 80},
    {49, 1280, 320}
  };

  private ProductCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    for (int[] s : LARGE) {
      for (var transposed : new String[] {"NN", "NT", "TN", "TT"}) {
        cases.add(product("sgemm " + transposed, s, transposed));
      }
    }
    for (int[] s : LINEAR) {
      cases.add(product("sgemm NT", s, "NT"));
    }
    for (int[] s : POINTWISE) {
      cases.add(product("conv 1x1 as sgemm", s, "NT"));
    }
    return cases;
  }

  private static KernelCase product(String kernel, int[] s, String transposed) {
    return KernelCase.flops(
        kernel,
        "%dx%dx%d".formatted(s[0], s[1], s[2]),
        2.0 * s[0] * s[1] * s[2],
        () -> {
          var a = matrix(s[0], s[2], transposed.charAt(0));
          var b = matrix(s[2], s[1], transposed.charAt(1));
          return Cases.step(() -> a.matmul(b));
        });
  }

  private static Tensor matrix(int rows, int columns, char transposed) {
    return transposed == 'T' ? Cases.numbers(columns, rows).t() : Cases.numbers(rows, columns);
  }
}
