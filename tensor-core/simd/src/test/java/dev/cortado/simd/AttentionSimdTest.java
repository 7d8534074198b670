package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that are cut into blocks and passes, which are larger than those the conformance draws. */
class AttentionSimdTest {
  private final Random random = new Random(7);

  private Tensor numbers(int... shape) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, shape);
  }

  /** Columns: heads, queries, keys, depth, width. */
  @ParameterizedTest
  @CsvSource({
    "2, 197, 197, 64, 64", // a vision transformer's
    "1, 3, 700, 16, 5", // scores in several tables
    "1, 600, 40, 8, 24", // queries in several blocks
    "1, 230, 1100, 9, 17", // keys in several blocks backward
    "2, 31, 33, 300, 250", // several passes over the depth
    "1, 1, 1, 1, 1"
  })
  void agreesWithTheReference(int heads, int queries, int keys, int depth, int width) {
    // As a projection to all heads gives them: rows of a head are not neighbours.
    var q = numbers(2, queries, heads, depth).permute(0, 2, 1, 3);
    var k = numbers(2, keys, heads, depth).permute(0, 2, 1, 3);
    var v = numbers(2, keys, heads, width).permute(0, 2, 1, 3);
    var g = numbers(2, heads, queries, width);
    double scale = 1 / Math.sqrt(depth);
    var forward = check(new AttentionOp.Attention(scale), List.of(q, k, v));
    var d = g.mul(forward.getFirst()).sum(true, -1);
    check(new AttentionOp.AttentionGradient(scale), List.of(g, q, k, v, forward.get(1), d));
  }

  private static List<Tensor> check(Op op, List<Tensor> inputs) {
    var doubles = inputs.stream().map(x -> x.to(DType.F64)).toList();
    var expected = Backends.with(ReferenceBackend.INSTANCE, () -> Ops.applyAll(op, doubles));
    var results = results(op, inputs, 1);
    var again = results(op, inputs, 3);
    for (int i = 0; i < results.size(); i++) {
      double[] truth = expected.get(i).toDoubles();
      double[] found = results.get(i).toDoubles();
      double largest = 0;
      double off = 0;
      for (int j = 0; j < truth.length; j++) {
        largest = Math.max(largest, Math.abs(truth[j]));
        off = Math.max(off, Math.abs(truth[j] - found[j]));
      }
      assertThat(off).as("result %d of %s", i, op).isLessThanOrEqualTo(3e-6 * largest + 1e-7);
      assertThat(again.get(i).toFloats()).isEqualTo(results.get(i).toFloats());
    }
    return results;
  }

  private static List<Tensor> results(Op op, List<Tensor> inputs, int threads) {
    var results = new ArrayList<Tensor>();
    Parallel.withThreads(
        threads,
        () -> results.addAll(Backends.with(SimdBackend.INSTANCE, () -> Ops.applyAll(op, inputs))));
    return results;
  }
}
