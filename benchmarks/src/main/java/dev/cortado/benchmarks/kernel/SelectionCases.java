package dev.cortado.benchmarks.kernel;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.IndexOp;
import java.util.ArrayList;
import java.util.List;

/** What looks for elements, puts them in order, adds them up on the way, or changes their type. */
final class SelectionCases {
  private static final int[] SCORES = {4096, 1000};
  private static final int[] IMAGES = {8, 96, 112, 112};

  /** A single long line. */
  private static final int LINE = 1 << 20;

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
    cases.add(rows("cumulative sum of columns", 2 * scores, x -> x.cumsum(0)));
    // Places are I64: two floats each.
    cases.add(rows("sort rows", 4 * scores, x -> x.sort(1, false)));
    cases.add(rows("top 5 of rows", scores + 3.0 * 5 * SCORES[0], x -> x.topk(5, 1, true)));
    cases.add(
        KernelCase.floats(
            "sort",
            Integer.toString(LINE),
            4.0 * LINE,
            () -> {
              var x = Cases.numbers(LINE);
              return Cases.step(() -> x.sort(0, false));
            }));
    cases.add(
        KernelCase.floats(
            "gather rows",
            "%dx%dx%d".formatted(TABLE, WIDTH, TOKENS),
            2.0 * TOKENS * WIDTH,
            SelectionCases::gather));
    cases.add(
        KernelCase.floats(
            "add up rows",
            "%dx%dx%d".formatted(TABLE, WIDTH, TOKENS),
            ((double) TOKENS + TABLE) * WIDTH,
            SelectionCases::addUp));
    cases.add(picked("gather in rows", 4 * scores, (x, places) -> x.gather(1, places)));
    cases.add(picked("scatter add in rows", 5 * scores, (x, at) -> x.scatterAdd(1, at, x)));
    truthValues(cases, scores / 4);
    double images = ElementwiseCases.count(IMAGES);
    var text = ElementwiseCases.text(IMAGES);
    cases.add(
        KernelCase.floats(
            "cast F32 to BF16", text, 1.5 * images, () -> cast(DType.F32, DType.BF16)));
    cases.add(
        KernelCase.floats("cast F32 to F16", text, 1.5 * images, () -> cast(DType.F32, DType.F16)));
    cases.add(
        KernelCase.floats("cast F16 to F32", text, 1.5 * images, () -> cast(DType.F16, DType.F32)));
    return cases;
  }

  /** Truth values take a byte each: {@code bytes} floats for all of them. */
  private static void truthValues(List<KernelCase> cases, double bytes) {
    cases.add(rows("compare with a number", 5 * bytes, x -> x.greaterThan(0.5)));
    cases.add(
        KernelCase.floats(
            "and of truth values",
            ElementwiseCases.text(SCORES),
            3 * bytes,
            () -> {
              var a = Cases.numbers(SCORES).greaterThan(0);
              var b = a.not();
              return Cases.step(() -> a.and(b));
            }));
    cases.add(
        KernelCase.floats(
            "count truth values",
            ElementwiseCases.text(SCORES),
            bytes,
            () -> {
              var a = Cases.numbers(SCORES).greaterThan(0);
              return Cases.step(a::sum);
            }));
    cases.add(
        KernelCase.floats(
            "select where true",
            ElementwiseCases.text(SCORES),
            7 * bytes,
            () -> {
              var x = Cases.numbers(SCORES);
              var mask = x.greaterThan(0);
              return Cases.step(() -> x.maskedSelect(mask));
            }));
    cases.add(picked("add whole numbers", 24 * bytes, (x, places) -> places.add(places)));
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
    var indices = places(TABLE, TOKENS);
    return Cases.step(() -> table.indexSelect(0, indices));
  }

  /** The gradient of {@link #gather} by the table. */
  private static Runnable addUp() {
    var gradient = Cases.numbers(TOKENS, WIDTH);
    var indices = places(TABLE, TOKENS);
    var op = new IndexOp.IndexAdd(0, TABLE);
    return Cases.step(() -> Ops.apply(op, gradient, indices));
  }

  /** Returns whole numbers in 0 … bound−1. */
  private static Tensor places(int bound, int... shape) {
    var key = RandomKey.of(1);
    long[] places = new long[Shape.of(shape).elements()];
    for (int i = 0; i < places.length; i++) {
      places[i] = Math.floorMod(key.word(i), (long) bound);
    }
    return Tensor.of(places, shape);
  }

  /** One op on a matrix and places in its rows. */
  private interface Picking {
    Object of(Tensor x, Tensor places);
  }

  private static KernelCase picked(String name, double moved, Picking work) {
    return KernelCase.floats(
        name,
        ElementwiseCases.text(SCORES),
        moved,
        () -> {
          var x = Cases.numbers(SCORES);
          var places = places(SCORES[1], SCORES);
          return Cases.step(() -> work.of(x, places));
        });
  }

  private static Runnable cast(DType from, DType to) {
    var x = Cases.numbers(IMAGES).to(from);
    return Cases.step(() -> x.to(to));
  }
}
