package dev.cortado.benchmarks.kernel;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What looks for elements, puts them in order, adds them up on the way, or changes their type. */
final class SelectionCases {
  private static final int[] SCORES = {4096, 1000};
  private static final int[] IMAGES = {8, 96, 112, 112};

  /** A table of embeddings and how many rows are looked up in it. */
  private static final int TABLE = 50_000;

  private static final int WIDTH = 384;
  private static final int TOKENS = 12_608;

  private SelectionCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    double scores = ElementwiseCases.count(SCORES);
    cases.add(rows("argmax of rows", scores, x -> x.argmax(1)));
    cases.add(rows("max of rows", scores, x -> x.max(false, 1)));
    cases.add(rows("cumulative sum of rows", 2 * scores, x -> x.cumsum(1)));
    // Places are I64: two floats each.
    cases.add(rows("sort rows", 4 * scores, x -> x.sort(1, false)));
    cases.add(
        KernelCase.floats(
            "gather rows",
            "%dx%dx%d".formatted(TABLE, WIDTH, TOKENS),
            2.0 * TOKENS * WIDTH,
            SelectionCases::gather));
    double images = ElementwiseCases.count(IMAGES);
    var text = ElementwiseCases.text(IMAGES);
    cases.add(
        KernelCase.floats("cast F32 to F16", text, 1.5 * images, () -> cast(DType.F32, DType.F16)));
    cases.add(
        KernelCase.floats("cast F16 to F32", text, 1.5 * images, () -> cast(DType.F16, DType.F32)));
    return cases;
  }

  /** One op on a matrix. */
  private interface Work {
    Object of(Tensor x);
  }

  private static KernelCase rows(String name, double moved, Work work) {
    return KernelCase.floats(
        name,
        ElementwiseCases.text(SCORES),
        moved,
        () -> {
          var x = Cases.numbers(SCORES);
          return Cases.step(() -> work.of(x));
        });
  }

  private static Runnable gather() {
    var table = Cases.numbers(TABLE, WIDTH);
    var key = RandomKey.of(1);
    long[] tokens = new long[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      tokens[i] = Math.floorMod(key.word(i), (long) TABLE);
    }
    var indices = Tensor.of(tokens, TOKENS);
    return Cases.step(() -> table.indexSelect(0, indices));
  }

  private static Runnable cast(DType from, DType to) {
    var x = Cases.numbers(IMAGES).to(from);
    return Cases.step(() -> x.to(to));
  }
}
