package dev.cortado.tensor.spi;

import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import java.util.List;

/**
 * Where numbers come out: interprets ops by computing them. Small, because the op is the argument.
 */
public interface Backend {
  /** Returns the name by which it is chosen, for example {@code simd}. */
  String name();

  /** Returns one line for people: what it runs on and how wide. */
  String description();

  /**
   * Returns a storage for {@code size} elements of undefined content, which {@code origin} (an op's
   * name) will write.
   */
  Storage allocate(TensorSpec spec, String origin);

  /**
   * Returns a tensor of undefined content, which {@code origin} will write.
   *
   * @param layout a dense one; the backend may shift it in the storage
   */
  default Tensor empty(TensorSpec spec, Layout layout, String origin) {
    return new Tensor(spec.shape(), layout, allocate(spec, origin), null);
  }

  /**
   * Computes {@code op}. The inputs have been checked by {@link Op#infer}, whose answer is {@code
   * results}; they may have any layout; traces on them are to be ignored. The result's layout is
   * the backend's choice.
   */
  List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results);

  /**
   * Computes an elementwise op into existing tensors, one per formula, of exactly the result's
   * shape. An output may be one of the inputs.
   */
  void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs);

  /**
   * Copies the elements of {@code from} to {@code to}, tensors of equal shape and type on the host
   * that share none, if it has a faster way than {@link dev.cortado.tensor.Copy}'s; returns whether
   * it has.
   */
  default boolean copy(Tensor from, Tensor to) {
    return false;
  }

  /** Returns the memory layout that results of a convolution have here. */
  default Layout imageLayout(dev.cortado.tensor.Shape shape) {
    return Layout.channelsLast(shape);
  }
}
