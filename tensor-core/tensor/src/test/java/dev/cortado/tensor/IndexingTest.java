package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What indexing means: places, duplicates, masks, order, and what it refuses. */
class IndexingTest {
  private static final Tensor TABLE = Tensor.arange(12).reshape(4, 3);

  private static Tensor index(long... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor random(long seed, int... shape) {
    return Tensor.normal(RandomKey.of(seed), shape);
  }

  private static void refused(ThrowingCallable call, String... says) {
    assertThatThrownBy(call)
        .isInstanceOf(CortadoException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(says).doesNotContain("\n"));
  }

  @Test
  void placesOutsideAreRefused() {
    refused(() -> TABLE.indexSelect(0, index(0, 4)), "indexSelect", "index 4", "0 … 3");
    refused(() -> TABLE.indexSelect(0, index(-1)), "indexSelect", "index -1", "0 … 3");
    refused(() -> TABLE.gather(1, index(3).reshape(1, 1)), "gather", "index 3", "0 … 2");
    refused(() -> TABLE.gather(1, index(-1).reshape(1, 1)), "gather", "index -1");
    refused(() -> TABLE.scatter(0, index(4).reshape(1, 1), 1), "scatter", "index 4", "0 … 3");
    var one = Tensor.ones(1, 1);
    refused(() -> TABLE.scatterAdd(0, index(9).reshape(1, 1), one), "scatterAdd", "index 9");
    refused(() -> TABLE.indexAdd(1, index(3), Tensor.ones(4, 1)), "indexAdd", "index 3", "0 … 2");
    refused(() -> index(0, 5).oneHot(5), "oneHot", "index 5", "0 … 4");
    refused(() -> TABLE.embedding(index(4)), "index 4", "0 … 3");
    refused(() -> TABLE.embedding(index(0), 4), "padding's row 4", "0 … 3");
    // Too large for an int, and back at a valid one if it were cut off.
    refused(() -> TABLE.indexSelect(0, index(1L << 32)), "index 4294967296");
    refused(() -> Tensor.zeros(0, 3).indexSelect(0, index(0)), "index 0");
  }

  @Test
  void ofSeveralSentToOnePlaceTheLastStays() {
    var y = Tensor.zeros(3).scatter(0, index(1, 0, 1), Tensor.of(new float[] {5, 6, 7}, 3));
    assertThat(y.toFloats()).containsExactly(6, 7, 0);
  }

  @Test
  void whatFallsTogetherIsAddedInOrder() {
    // (1e30 + 1) − 1e30 is 0 in doubles, 1 in any other order.
    var source = Tensor.of(new float[] {1e30f, 1, -1e30f}, 3);
    assertThat(Tensor.zeros(2).scatterAdd(0, index(1, 1, 1), source).toFloats())
        .containsExactly(0, 0);
    assertThat(Tensor.zeros(2).indexAdd(0, index(1, 1, 1), source).toFloats())
        .containsExactly(0, 0);
    assertThat(Tensor.ones(2).scatterAdd(0, index(1, 0, 1), Tensor.arange(3)).toFloats())
        .containsExactly(2, 3);
  }

  @Property(tries = 100)
  void gatherTakesFromTheSamePlaceButForOneAxis(
      @ForAll @IntRange(max = 2) int axis, @ForAll long seed) {
    var x = random(seed, 3, 4, 5);
    int[] dims = {2, 3, 4};
    var shape = Shape.of(dims);
    int size = x.dim(axis);
    long[] values =
        IntStream.range(0, shape.elements())
            .mapToLong(i -> Math.floorMod(RandomKey.of(seed).word(i), size))
            .toArray();
    var index = Tensor.of(values, dims);
    var y = x.gather(axis, index);
    for (var at : Naive.indices(shape)) {
      int[] from = at.clone();
      from[axis] = (int) index.host().longs()[Naive.place(index.layout(), at)];
      assertThat(y.host().get(Naive.place(y.layout(), at)))
          .isEqualTo(x.host().get(Naive.place(x.layout(), from)));
    }
    // What is gathered and added back counts how often each place was named.
    var counts = Tensor.zeros(3, 4, 5).scatterAdd(axis, index, Tensor.ones(dims));
    assertThat(counts.sum().item()).isEqualTo(shape.elements());
    assertThat(x.mul(counts).sum().item())
        .isCloseTo(y.sum().item(), org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void sourcesMayBeLargerThanTheIndex() {
    var y = Tensor.zeros(2, 3).scatter(1, index(2, 0).reshape(2, 1), TABLE);
    assertThat(y.toFloats()).containsExactly(0, 0, 0, 3, 0, 0);
  }

  @Test
  void takeAlongRepeats() {
    var order = TABLE.neg().argsort(0, false);
    assertThat(TABLE.takeAlong(0, order).toFloats())
        .containsExactly(9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2);
    assertThat(TABLE.takeAlong(0, index(2).reshape(1, 1)).toFloats()).containsExactly(6, 7, 8);
    refused(() -> TABLE.takeAlong(0, index(2)), "takeAlong", "rank");
  }

  @Test
  void masksSelectInRowMajorOrder() {
    var odd = TABLE.remainder(Tensor.scalar(2)).equalTo(1);
    assertThat(TABLE.maskedSelect(odd).toFloats()).containsExactly(1, 3, 5, 7, 9, 11);
    assertThat(TABLE.t().maskedSelect(odd.t()).toFloats()).containsExactly(3, 9, 1, 7, 5, 11);
    var columns = Tensor.of(new boolean[] {false, true, false}, 3);
    assertThat(TABLE.maskedSelect(columns).toFloats()).containsExactly(1, 4, 7, 10);
    assertThat(TABLE.maskedSelect(TABLE.lessThan(0)).shape()).isEqualTo(Shape.of(0));
    assertThat(TABLE.maskedFill(columns, -1).narrow(0, 0, 1).toFloats()).containsExactly(0, -1, 2);
    assertThat(odd.narrow(0, 0, 2).nonZero().toLongs()).containsExactly(0, 1, 1, 0, 1, 2);
    assertThat(Tensor.scalar(3).nonZero().shape()).isEqualTo(Shape.of(1, 0));
    assertThat(Tensor.of(new float[] {Float.NaN, -0f, 0f}, 3).nonZero().toLongs())
        .containsExactly(0);
  }

  @Test
  void sortingIsStableAndNanIsTheLargest() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    var x = Tensor.of(new float[] {2, nan, -inf, 2, -0f, inf, 0f, nan}, 8);
    var up = x.sort(0);
    assertThat(up.values().toFloats()).containsExactly(-inf, -0f, 0f, 2, 2, inf, nan, nan);
    assertThat(up.indices().toLongs()).containsExactly(2, 4, 6, 0, 3, 5, 1, 7);
    var down = x.sort(0, true);
    assertThat(down.values().toFloats()).containsExactly(nan, nan, inf, 2, 2, -0f, 0f, -inf);
    assertThat(down.indices().toLongs()).containsExactly(1, 7, 5, 0, 3, 4, 6, 2);
    assertThat(x.topk(3, 0, true).indices().toLongs()).containsExactly(1, 7, 5);
    assertThat(x.topk(2, 0, false).values().toFloats()).containsExactly(-inf, -0f);
    assertThat(x.topk(0, 0, true).values().shape()).isEqualTo(Shape.of(0));
    refused(() -> x.topk(9, 0, true), "topk", "F32[8]", "9");
  }

  @Property(tries = 60)
  void sortingIsThatOfJavaAlongEveryAxis(
      @ForAll long seed, @ForAll @IntRange(max = 2) int axis, @ForAll boolean descending) {
    int[] dims = {3, 2, 3};
    dims[axis] = 37;
    var x = random(seed, dims).mul(3).round(); // many equal ones
    var sorted = x.sort(axis, descending);
    assertThat(x.gather(axis, sorted.indices()).toFloats())
        .containsExactly(sorted.values().toFloats());
    for (int line = 0; line < x.elements() / 37; line++) {
      float[] values = x.moveAxis(axis, -1).reshape(-1, 37).select(0, line).toFloats();
      var order = IntStream.range(0, 37).boxed().toList();
      long[] expected =
          order.stream()
              .sorted(
                  (a, b) ->
                      Float.compare(values[descending ? b : a], values[descending ? a : b]) == 0
                          ? 0
                          : Float.compare(
                              values[descending ? b : a] + 0f, values[descending ? a : b] + 0f))
              .mapToLong(i -> i)
              .toArray();
      long[] actual = sorted.indices().moveAxis(axis, -1).reshape(-1, 37).select(0, line).toLongs();
      assertThat(actual).containsExactly(expected);
    }
  }

  @Test
  void theFirstExtremeIsFoundAndNanWins() {
    var x = Tensor.of(new float[] {3, 1, 3, 1, Float.NaN, 7, Float.NaN, 0}, 2, 4);
    assertThat(x.argmax(1).toLongs()).containsExactly(0, 0);
    assertThat(x.argmin(1, false).toLongs()).containsExactly(1, 0);
    var largest = x.maxWithIndex(1, true);
    assertThat(largest.values().toFloats()).containsExactly(3, Float.NaN);
    assertThat(largest.indices().shape()).isEqualTo(Shape.of(2, 1));
    assertThat(x.minWithIndex(0, false).values().toFloats())
        .containsExactly(Float.NaN, 1, Float.NaN, 0);
    refused(() -> Tensor.zeros(2, 0).argmin(1, false), "argmin", "nothing");
  }

  @Test
  void embeddingsHaveTheShapeOfTheirIndices() {
    var y = TABLE.embedding(Tensor.of(new long[] {1, 3, 1, 0}, 2, 2));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 3));
    assertThat(y.select(0, 0).toFloats()).containsExactly(3, 4, 5, 9, 10, 11);
    assertThat(TABLE.embedding(Tensor.of(new long[0], 0, 2)).shape()).isEqualTo(Shape.of(0, 2, 3));
    assertThat(TABLE.embedding(index(2).reshape()).toFloats()).containsExactly(6, 7, 8);
    assertThat(TABLE.embedding(index(1, 2), 2).toFloats()).containsExactly(3, 4, 5, 6, 7, 8);
  }

  @Test
  void diagonalsAndWindowsAreViews() {
    assertThat(TABLE.diagonal().toFloats()).containsExactly(0, 4, 8);
    assertThat(TABLE.diagonal(1, 0, 1).toFloats()).containsExactly(1, 5);
    assertThat(TABLE.diagonal(-2, 0, 1).toFloats()).containsExactly(6, 10);
    assertThat(TABLE.diagonal(-1, 1, 0).toFloats()).containsExactly(1, 5);
    assertThat(TABLE.diagonal(5, 0, 1).shape()).isEqualTo(Shape.of(0));
    assertThat(TABLE.diagonal().storage()).isSameAs(TABLE.storage());
    var windows = Tensor.arange(7).unfold(0, 3, 2);
    assertThat(windows.shape()).isEqualTo(Shape.of(3, 3));
    assertThat(windows.toFloats()).containsExactly(0, 1, 2, 2, 3, 4, 4, 5, 6);
    assertThat(windows.t().contiguous().toFloats()).containsExactly(0, 2, 4, 1, 3, 5, 2, 4, 6);
    assertThat(windows.reshape(9).toFloats()).containsExactly(0, 1, 2, 2, 3, 4, 4, 5, 6);
    assertThat(TABLE.unfold(0, 2, 2).shape()).isEqualTo(Shape.of(2, 3, 2));
    var into = new dev.cortado.tensor.op.Activation.Identity();
    refused(() -> Ops.into(into, List.of(Tensor.zeros(3, 3)), List.of(windows)), "share");
    var apart = Tensor.zeros(6).unfold(0, 2, 3);
    Ops.into(into, List.of(Tensor.ones(2, 2)), List.of(apart));
    assertThat(apart.sum().item()).isEqualTo(4);
  }

  @Test
  void arranging() {
    assertThat(TABLE.slice(0, 1, 4, 2).toFloats()).containsExactly(3, 4, 5, 9, 10, 11);
    assertThat(TABLE.slice(0, 0, 3, 2).toFloats()).containsExactly(0, 1, 2, 6, 7, 8);
    assertThat(TABLE.slice(1, 2, 2, 3).shape()).isEqualTo(Shape.of(4, 0));
    assertThat(TABLE.flip(1).narrow(0, 0, 1).toFloats()).containsExactly(2, 1, 0);
    assertThat(TABLE.flip().toFloats()[0]).isEqualTo(11);
    assertThat(Tensor.arange(4).roll(1, 0).toFloats()).containsExactly(3, 0, 1, 2);
    assertThat(Tensor.arange(4).roll(-5, 0).toFloats()).containsExactly(1, 2, 3, 0);
    assertThat(Tensor.arange(2).repeat(2, 2).toFloats()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
    assertThat(Tensor.arange(2).repeat(2, 2).shape()).isEqualTo(Shape.of(2, 4));
    refused(() -> TABLE.repeat(2), "repeat", "[2]", "[4, 3]");
    assertThat(TABLE.unflatten(0, 2, -1).shape()).isEqualTo(Shape.of(2, 2, 3));
    assertThat(TABLE.unflatten(0, 2, 2).flatten(0, 1).shape()).isEqualTo(Shape.of(4, 3));
    assertThat(Tensor.zeros(2, 3, 4).moveAxis(0, -1).shape()).isEqualTo(Shape.of(3, 4, 2));
    var parts = Tensor.arange(7).split(0, 3, 0, 4);
    assertThat(parts.stream().map(Tensor::elements)).containsExactly(3, 0, 4);
    refused(() -> Tensor.arange(7).split(0, 3, 3), "split", "[3, 3]", "[7]");
    assertThat(Tensor.arange(7).chunk(0, 3).stream().map(Tensor::elements))
        .containsExactly(3, 3, 1);
    assertThat(Tensor.stack(-1, List.of(Tensor.arange(2), Tensor.ones(2))).toFloats())
        .containsExactly(0, 1, 1, 1);
    assertThat(TABLE.tril(0).toFloats()).containsExactly(0, 0, 0, 3, 4, 0, 6, 7, 8, 9, 10, 11);
    assertThat(TABLE.triu(1).toFloats()).containsExactly(0, 1, 2, 0, 0, 5, 0, 0, 0, 0, 0, 0);
    var infinite = Tensor.full(Shape.of(2, 2), DType.F32, Double.POSITIVE_INFINITY).tril(-1);
    assertThat(infinite.toFloats()).containsExactly(0, 0, Float.POSITIVE_INFINITY, 0);
  }

  @Test
  void making() {
    assertThat(Tensor.eye(2).toFloats()).containsExactly(1, 0, 0, 1);
    assertThat(Tensor.linspace(-1, 0.1, 4).toFloats()[3]).isEqualTo(0.1f);
    assertThat(Tensor.linspace(0, 1, 5).toFloats()).containsExactly(0, 0.25f, 0.5f, 0.75f, 1);
    assertThat(Tensor.linspace(3, 9, 1).toFloats()).containsExactly(3);
    assertThat(Tensor.linspace(3, 9, 0).shape()).isEqualTo(Shape.of(0));
    assertThat(Tensor.arange(2, 8, 3, DType.I64).toLongs()).containsExactly(2, 5);
    assertThat(Tensor.arange(1, 0, -0.25, DType.F32).toFloats())
        .containsExactly(1, 0.75f, 0.5f, 0.25f);
    assertThat(Tensor.arange(1, 0, 1, DType.I32).shape()).isEqualTo(Shape.of(0));
    refused(() -> Tensor.arange(0, 1, 0, DType.F32), "arange", "steps of 0");
    refused(() -> Tensor.arange(0, 1, 0.5, DType.I64), "arange", "0.5", "I64");
    var grid = Tensor.meshgrid(List.of(Tensor.arange(2), Tensor.arange(3)));
    assertThat(grid.get(0).toFloats()).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(grid.get(1).toFloats()).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(Tensor.of(new int[] {7}, 1).dtype()).isEqualTo(DType.I32);
  }

  @Test
  void comparisonsAndLogic() {
    var a = Tensor.of(new float[] {1, 2, Float.NaN}, 3);
    var b = Tensor.of(new float[] {2, 2, 2}, 3);
    assertThat(a.lessThan(b).toLongs()).containsExactly(1, 0, 0);
    assertThat(a.atMost(b).toLongs()).containsExactly(1, 1, 0);
    assertThat(a.greaterThan(b).toLongs()).containsExactly(0, 0, 0);
    assertThat(a.atLeast(b).toLongs()).containsExactly(0, 1, 0);
    assertThat(a.equalTo(b).toLongs()).containsExactly(0, 1, 0);
    assertThat(a.notEqualTo(b).toLongs()).containsExactly(1, 0, 1);
    assertThat(a.greaterThan(1).toLongs()).containsExactly(0, 1, 0);
    assertThat(a.atLeast(1).toLongs()).containsExactly(1, 1, 0);
    assertThat(a.atMost(1).toLongs()).containsExactly(1, 0, 0);
    assertThat(a.notEqualTo(1).toLongs()).containsExactly(0, 1, 1);
    assertThat(a.isNaN().toLongs()).containsExactly(0, 0, 1);
    assertThat(a.isFinite().toLongs()).containsExactly(1, 1, 0);
    var p = Tensor.of(new boolean[] {false, false, true, true}, 4);
    var q = Tensor.of(new float[] {0, 3, 0, Float.NaN}, 4); // anything but 0 is true
    assertThat(p.and(q).toLongs()).containsExactly(0, 0, 0, 1);
    assertThat(p.or(q).toLongs()).containsExactly(0, 1, 1, 1);
    assertThat(p.xor(q).toLongs()).containsExactly(0, 1, 1, 0);
    assertThat(q.not().toLongs()).containsExactly(1, 0, 1, 0);
    assertThat(p.and(q).dtype()).isEqualTo(DType.BOOL);
    assertThat(p.reshape(2, 2).any(false, 1).toLongs()).containsExactly(0, 1);
    assertThat(q.all(true).shape()).isEqualTo(Shape.of(1));
    assertThat(Tensor.zeros(2, 0).any(false, 1).toLongs()).containsExactly(0, 0);
    assertThat(Tensor.zeros(2, 0).all(false, 1).toLongs()).containsExactly(1, 1);
  }

  @Test
  void rounding() {
    var x = Tensor.of(new float[] {-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f}, 6);
    assertThat(x.round().toFloats()).containsExactly(-2, -2, -0f, 0, 2, 2);
    assertThat(x.trunc().toFloats()).containsExactly(-2, -1, -0f, 0, 1, 2);
    assertThat(x.floor().toFloats()).containsExactly(-3, -2, -1, 0, 1, 2);
    assertThat(x.ceil().toFloats()).containsExactly(-2, -1, -0f, 1, 2, 3);
    assertThat(x.sign().toFloats()).containsExactly(-1, -1, -1, 1, 1, 1);
    var seven = Tensor.of(new float[] {7, -7}, 2);
    assertThat(seven.floorDivide(Tensor.scalar(2)).toFloats()).containsExactly(3, -4);
    assertThat(seven.remainder(Tensor.scalar(2)).toFloats()).containsExactly(1, 1);
    assertThat(Arrays.toString(seven.reciprocal().toFloats()))
        .isEqualTo(Arrays.toString(new float[] {1 / 7f, -1 / 7f}));
  }

  @Test
  void quotientsRoundedDown() {
    // As torch has them: of the exact quotient, so that 0.7 holds 0.1 (both floats) six times.
    float inf = Float.POSITIVE_INFINITY;
    float[] a = {5, -1, 1e9f, -1e9f, 5, 1, -0f, 0.7f, 1, inf, -1, 7, -7, -1e-20f};
    float[] b = {inf, inf, 7, 7, -inf, 0, 3, 0.1f, 0.1f, 2, 0, -2, -2, 3};
    float[] quotients = {
      0, -1, 142857136f, -142857136f, -1, inf, -0f, 6, 9, Float.NaN, -inf, -4, 3, -1
    };
    float[] rests = {
      5, inf, 6, 1, -inf, Float.NaN, -0f, 0.09999998f, 0.099999987f, Float.NaN, Float.NaN, -1, -1, 3
    };
    var x = Tensor.of(a, a.length);
    var y = Tensor.of(b, b.length);
    assertThat(x.floorDivide(y).toFloats()).containsExactly(quotients);
    assertThat(x.remainder(y).toFloats()).containsExactly(rests);
  }
}
