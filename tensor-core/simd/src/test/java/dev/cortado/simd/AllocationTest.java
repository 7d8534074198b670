package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Window2d;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a loop of scopes kernels make no arrays: neither for results nor for what lies between. */
class AllocationTest {
  /** Bytes of the smallest array among inputs and results that are as large as the work. */
  private static final long ARRAY = 4L << 18;

  /** What tensors, walks and blocks may take: far less than an array. */
  private static final long LIMIT = 128L << 10;

  private static final Window2d SAME = Window2d.of(1, 1);
  private static final Shape IMAGES = Shape.of(4, 64, 32, 32);

  /** An op with inputs whose large arrays have 1 MB each. */
  enum Kernel {
    PRODUCT,
    CONVOLUTION,
    CONVOLUTION_INPUT_GRADIENT,
    CONVOLUTION_WEIGHT_GRADIENT,
    DEPTHWISE,
    DEPTHWISE_WEIGHT_GRADIENT,
    BATCH_NORM,
    SOFTMAX,
    ATTENTION,
    FORMULA,
    SUM_OF_ROWS,
    SUM_OF_COLUMNS,
    MAX_OF_ROWS,
    MAX_OF_COLUMNS,
    ARGMAX,
    COMPARISON,
    WHERE;

    Runnable step() {
      return switch (this) {
        case PRODUCT -> {
          var x = normal(1, 512, 512);
          var y = normal(2, 512, 512);
          yield () -> x.matmul(y);
        }
        case CONVOLUTION -> {
          var x = images(1);
          var w = normal(2, 64, 64, 3, 3);
          yield () -> x.conv2d(w, SAME, 1);
        }
        case CONVOLUTION_INPUT_GRADIENT ->
            op(
                new ConvolutionOp.Conv2dInputGradient(SAME, 1, IMAGES),
                images(1),
                normal(2, 64, 64, 3, 3));
        case CONVOLUTION_WEIGHT_GRADIENT -> weightGradient(64, 1);
        case DEPTHWISE -> {
          var x = images(1);
          var w = normal(2, 64, 1, 3, 3);
          yield () -> x.conv2d(w, SAME, 64);
        }
        case DEPTHWISE_WEIGHT_GRADIENT -> weightGradient(1, 64);
        case BATCH_NORM ->
            op(
                new NormalizationOp.BatchNorm(1e-5, new Activation.Silu().formula()),
                images(1),
                Tensor.ones(64),
                Tensor.zeros(64));
        case SOFTMAX -> {
          var x = normal(1, 512, 512);
          yield () -> x.softmax(-1);
        }
        case ATTENTION -> {
          var q = normal(1, 4, 8, 128, 64);
          yield op(new AttentionOp.Attention(0.125), q, normal(2, 4, 8, 128, 64), q);
        }
        case FORMULA -> {
          var x = normal(1, 512, 512);
          yield () -> x.gelu();
        }
        case SUM_OF_ROWS -> {
          var x = normal(1, 512, 512);
          yield () -> x.sum(-1);
        }
        case SUM_OF_COLUMNS -> {
          var x = normal(1, 512, 512);
          yield () -> x.sum(0);
        }
        case MAX_OF_ROWS -> {
          var x = normal(1, 512, 512);
          yield op(new ReductionOp.Extremum(true, new Axes(List.of(1)), false), x);
        }
        case MAX_OF_COLUMNS -> {
          var x = normal(1, 512, 512);
          yield op(new ReductionOp.Extremum(true, new Axes(List.of(0)), false), x);
        }
        case ARGMAX -> op(new ReductionOp.ArgMax(1, false), normal(1, 512, 512));
        case COMPARISON -> {
          var x = normal(1, 512, 512);
          var y = normal(2, 512, 512);
          yield () -> x.lessThan(y);
        }
        case WHERE -> {
          var x = normal(1, 512, 512);
          var y = normal(2, 512, 512);
          var mask = x.lessThan(y);
          yield () -> mask.where(x, y);
        }
      };
    }

    private static Runnable weightGradient(int inputs, int groups) {
      var weights = Shape.of(64, inputs, 3, 3);
      return op(
          new ConvolutionOp.Conv2dWeightGradient(SAME, groups, weights), images(1), images(2));
    }

    private static Runnable op(Op op, Tensor... inputs) {
      return () -> Ops.applyAll(op, List.of(inputs));
    }

    private static Tensor images(int key) {
      return normal(key, IMAGES.toArray()).channelsLast();
    }

    private static Tensor normal(int key, int... dims) {
      return Tensor.normal(RandomKey.of(key), dims);
    }
  }

  @ParameterizedTest
  @EnumSource
  void kernelsMakeNoArrays(Kernel kernel) {
    Backends.with(
        SimdBackend.INSTANCE,
        () -> {
          var step = kernel.step();
          Parallel.withThreads(
              2, () -> assertThat(least(step)).as("bytes per step").isLessThan(LIMIT));
          return 0;
        });
  }

  /**
   * Returns how many bytes all threads together allocate in a step, once that is little.
   * Interpreted vectors are objects: how soon the loops are compiled depends on the machine's load.
   */
  private static long least(Runnable step) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (least >= LIMIT && System.nanoTime() < patience) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (int i = 0; i < 10; i++) {
        try (var scope = Scope.open()) {
          step.run();
        }
      }
      least = Math.min(least, (threads.getTotalThreadAllocatedBytes() - before) / 10);
    }
    return least;
  }
}
