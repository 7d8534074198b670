package dev.cortado.tensor;

import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.spi.Tracer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Applies ops to tensors: the one gate through which every computation passes. */
public final class Ops {
  private static final ThreadLocal<@Nullable Tracer> OBSERVER = new ThreadLocal<>();

  private Ops() {}

  /** Applies an op with one result. */
  public static Tensor apply(Op op, Tensor... inputs) {
    return applyAll(op, List.of(inputs)).getFirst();
  }

  /** Applies an op and returns all its results. */
  public static List<Tensor> applyAll(Op op, List<Tensor> inputs) {
    var observer = OBSERVER.get();
    if (observer != null) {
      OBSERVER.remove();
      try {
        return observer.apply(op, inputs);
      } finally {
        OBSERVER.set(observer);
      }
    }
    return applyTraced(op, inputs);
  }

  /** Applies an op below an observer: traces on the tensors still see it. */
  public static List<Tensor> applyTraced(Op op, List<Tensor> inputs) {
    for (var input : inputs) {
      var trace = input.trace();
      if (trace != null) {
        return trace.tracer().apply(op, inputs);
      }
    }
    return compute(op, inputs);
  }

  /**
   * Computes an op on the backend of its inputs; no tracer sees it and the results carry no trace.
   */
  public static List<Tensor> compute(Op op, List<Tensor> inputs) {
    return Interpreter.compute(op, inputs);
  }

  /**
   * Computes an elementwise op into existing tensors; an output may be one of the inputs. Autograd
   * does not record it, and notes that the outputs were overwritten.
   */
  public static void into(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
    Interpreter.computeInto(op, inputs, outputs);
  }

  /**
   * Runs {@code body} on this thread with {@code observer} seeing every op first, before any trace.
   */
  public static <T> T observed(Tracer observer, Supplier<T> body) {
    var before = OBSERVER.get();
    OBSERVER.set(observer);
    try {
      return body.get();
    } finally {
      OBSERVER.set(before);
    }
  }

  /** Returns the shapes and types of tensors. */
  public static List<TensorSpec> specs(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::spec).toList();
  }
}
