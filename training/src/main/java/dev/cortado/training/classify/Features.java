package dev.cortado.training.classify;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.Batch;
import dev.cortado.training.data.Order;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * What a frozen trunk sees in each photo, computed once: while the trunk stands still and the
 * photos do too, every epoch would compute the same numbers.
 *
 * @param values features [N, D]
 * @param labels the classes' numbers, one for each row
 */
public record Features(Tensor values, long[] labels) {
  /** Computes the features of every batch, in order. */
  public static Features compute(
      UnaryOperator<Tensor> trunk, Iterator<Batch> batches, IntConsumer afterBatch) {
    var rows = new ArrayList<float[]>();
    var labels = new ArrayList<long[]>();
    int width = 0;
    while (batches.hasNext()) {
      var batch = batches.next();
      try (var scope = Scope.open()) {
        var features = Autograd.noGrad(() -> trunk.apply(batch.inputs()));
        width = features.dim(1);
        rows.add(features.toFloats());
      }
      labels.add(batch.labels().toLongs());
      afterBatch.accept(batch.size());
    }
    return new Features(
        join(rows, width), labels.stream().flatMapToLong(java.util.Arrays::stream).toArray());
  }

  private static Tensor join(List<float[]> rows, int width) {
    int total = rows.stream().mapToInt(r -> r.length).sum();
    float[] all = new float[total];
    int at = 0;
    for (float[] part : rows) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return Tensor.wrap(
        dev.cortado.tensor.DType.F32, all, Shape.of(width == 0 ? 0 : total / width, width));
  }

  /** Returns the number of photos. */
  public int size() {
    return labels.length;
  }

  /** Returns the batches of one epoch, in the order that a loader with this seed would use. */
  public Iterator<Batch> shuffled(int batchSize, long seed, int epoch) {
    return batches(Order.shuffled(size(), seed, epoch), batchSize);
  }

  /** Returns the batches in order. */
  public Iterator<Batch> inOrder(int batchSize) {
    return batches(Order.sequential(size()), batchSize);
  }

  private Iterator<Batch> batches(int[] order, int batchSize) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < order.length;
      }

      @Override
      public Batch next() {
        int count = Math.min(batchSize, order.length - next);
        long[] rows = new long[count];
        long[] chosen = new long[count];
        for (int i = 0; i < count; i++) {
          rows[i] = order[next + i];
          chosen[i] = labels[order[next + i]];
        }
        next += count;
        var inputs = values.indexSelect(0, Tensor.of(rows, count));
        return new Batch(inputs, Tensor.of(chosen, count));
      }
    };
  }
}
