package dev.cortado.tensor;

import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.spi.Backend;
import java.util.List;

/** Computes shapes and types, no numbers. */
final class ShapeOnlyBackend implements Backend {
  static final ShapeOnlyBackend INSTANCE = new ShapeOnlyBackend();

  @Override
  public String name() {
    return "shapes";
  }

  @Override
  public String description() {
    return "shapes and types only, no numbers";
  }

  @Override
  public String toString() {
    return name() + ": " + description();
  }

  @Override
  public Storage allocate(TensorSpec spec, String origin) {
    return new ShapeOnlyStorage(spec.dtype(), spec.shape().elements());
  }

  @Override
  public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
    return results.stream().map(spec -> empty(op, spec)).toList();
  }

  private Tensor empty(Op op, TensorSpec spec) {
    boolean image = op instanceof ConvolutionOp && spec.shape().rank() == 4;
    var layout = image ? imageLayout(spec.shape()) : Layout.contiguous(spec.shape());
    return new Tensor(spec.shape(), layout, allocate(spec, op.name()), null);
  }

  @Override
  public void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {}
}
