package dev.cortado.tensor;

import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import java.util.List;

/** Checks an op, then hands it to whoever computes it. */
final class Interpreter {
  private Interpreter() {}

  static List<Tensor> compute(Op op, List<Tensor> inputs) {
    var results = op.infer(Ops.specs(inputs));
    if (op instanceof ViewOp view) {
      return List.of(view(view, inputs.getFirst()));
    }
    if (op instanceof CustomOp custom && !isShapeOnly(inputs)) {
      return custom.compute(inputs.stream().map(Tensor::detach).toList());
    }
    var backend = isShapeOnly(inputs) ? ShapeOnlyBackend.INSTANCE : Backends.current();
    return backend.run(op, inputs, results);
  }

  static void computeInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
    var results = op.infer(Ops.specs(inputs));
    checkOutputs(op, results, outputs);
    if (!isShapeOnly(outputs)) {
      Backends.current().runInto(op, inputs, outputs);
    }
    outputs.forEach(output -> output.storage().overwritten(op.name()));
  }

  private static void checkOutputs(Elementwise op, List<TensorSpec> results, List<Tensor> outputs) {
    if (outputs.size() != results.size()) {
      throw new CortadoException(
          op.name()
              + ": "
              + results.size()
              + " results cannot be written into "
              + outputs.size()
              + " tensors");
    }
    for (int i = 0; i < results.size(); i++) {
      var output = outputs.get(i);
      if (!output.spec().equals(results.get(i))) {
        throw new CortadoException(
            op.name() + ": result " + results.get(i) + " cannot be written into " + output.spec());
      }
      if (output.layout().overlaps(output.shape())) {
        throw new CortadoException(
            op.name()
                + ": cannot write into an expanded or unfolded tensor, whose places share"
                + " elements");
      }
    }
  }

  private static Tensor view(ViewOp op, Tensor x) {
    var shape = op.resultShape(x.shape());
    var layout = op.resultLayout(x.shape(), x.layout());
    if (layout != null) {
      return new Tensor(shape, layout, x.storage(), null);
    }
    boolean channelsLast = op instanceof ViewOp.Contiguous c && c.channelsLast();
    var target = channelsLast ? Layout.channelsLast(x.shape()) : Layout.contiguous(x.shape());
    var copy = Copy.like(x.detach(), target);
    var copied = op.resultLayout(copy.shape(), copy.layout());
    if (copied == null) {
      throw new IllegalStateException(op + " has no layout even for " + copy.layout());
    }
    return new Tensor(shape, copied, copy.storage(), null);
  }

  private static boolean isShapeOnly(List<Tensor> tensors) {
    for (var tensor : tensors) {
      if (tensor.storage() instanceof ShapeOnlyStorage) {
        return true;
      }
    }
    return false;
  }
}
