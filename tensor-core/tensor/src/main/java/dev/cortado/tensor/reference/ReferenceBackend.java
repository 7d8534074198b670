package dev.cortado.tensor.reference;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.CustomOp;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.IndexOp;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.NormalizationOp;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.PoolingOp;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.Recurrence;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Sort;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import dev.cortado.tensor.spi.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The definition of correct: scalar loops over row-major arrays of doubles, of longs for integers
 * and truth values, written to be read. Results are rounded once, to the tensor's type, so F32
 * results are the nearest floats to the truth; integers are exact.
 */
public final class ReferenceBackend implements Backend {
  /** The only instance; it has no state. */
  public static final ReferenceBackend INSTANCE = new ReferenceBackend();

  private ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "scalar loops, computing in double precision";
  }

  @Override
  public String toString() {
    return name() + ": " + description();
  }

  @Override
  public Storage allocate(TensorSpec spec, String origin) {
    return HostStorage.allocate(spec.dtype(), spec.shape().elements(), origin);
  }

  @Override
  public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
    var specs = inputs.stream().map(Tensor::spec).toArray(TensorSpec[]::new);
    var first = results.getFirst();
    Object[] out =
        switch (op) {
          case Elementwise e -> ElementwiseReference.run(e, inputs, first);
          case ReductionOp r -> ReductionReference.run(r, inputs, first);
          case MatMul m -> {
            double[][] in = doubles(inputs);
            double[] product = MatMulReference.run(in[0], in[1], specs, first);
            yield epilogue(m.epilogue(), product, in, specs, results);
          }
          case ConvolutionOp.Conv2d c -> {
            double[][] in = doubles(inputs);
            double[] product = Conv2dReference.forward(c, in, specs, first);
            yield epilogue(c.epilogue(), product, in, specs, results);
          }
          case ConvolutionOp.Conv2dInputGradient c ->
              one(Conv2dReference.inputGradient(c, doubles(inputs), specs, first));
          case ConvolutionOp.Conv2dWeightGradient c ->
              one(Conv2dReference.weightGradient(c, doubles(inputs), specs, first));
          case PoolingOp p -> PoolingReference.run(p, doubles(inputs), specs, results);
          case SpatialOp s -> one(SpatialReference.run(s, doubles(inputs)[0], specs[0], first));
          case AttentionOp a -> AttentionReference.run(a, doubles(inputs), specs);
          case NormalizationOp n -> NormalizationReference.run(n, doubles(inputs), specs);
          case IndexOp i -> one(IndexReference.run(i, inputs, first));
          case Sort s -> SortReference.run(s, inputs.getFirst());
          case Recurrence r ->
              one(ScanReference.run(r, inputs.getFirst(), inputs.get(1), first.shape()));
          case RandomOp r -> one(random(r));
          case Cast c -> one(cast(c, Values.read(inputs.getFirst())));
          case ViewOp v -> throw new IllegalStateException("views need no backend: " + v);
          case CustomOp c -> throw new IllegalStateException("custom ops compute themselves: " + c);
        };
    var outputs = new ArrayList<Tensor>();
    for (int i = 0; i < out.length; i++) {
      outputs.add(Values.write(results.get(i), out[i], op.name()));
    }
    return outputs;
  }

  @Override
  public void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
    var result = outputs.getFirst().spec();
    Object[] out = ElementwiseReference.run(op, inputs, result);
    for (int i = 0; i < out.length; i++) {
      Values.write(out[i], outputs.get(i));
    }
  }

  private static double[][] doubles(List<Tensor> inputs) {
    return inputs.stream().map(Values::doubles).toArray(double[][]::new);
  }

  private static Object[] one(Object values) {
    return new Object[] {values};
  }

  /** Applies an epilogue to a finished product; inputs from number 2 on are its extras. */
  private static Object[] epilogue(
      Epilogue epilogue,
      double[] product,
      double[][] in,
      TensorSpec[] specs,
      List<TensorSpec> results) {
    if (epilogue.isNone()) {
      return one(product);
    }
    var shape = results.getFirst().shape();
    double[][] values = new double[epilogue.extras() + 1][];
    values[0] = product;
    for (int k = 1; k < values.length; k++) {
      values[k] = ElementwiseReference.expand(in[k + 1], specs[k + 1].shape(), shape);
    }
    return ElementwiseReference.doubles(epilogue.asOp(), values, shape.elements());
  }

  private static double[] random(RandomOp op) {
    double[] values = new double[op.shape().elements()];
    Arrays.setAll(values, i -> op.distribution().draw(op.key(), i));
    return values;
  }

  /** Truncates fractions where integers are wanted; {@link Values} does the rest. */
  private static Object cast(Cast op, Object values) {
    boolean whole = op.dtype() == DType.I32 || op.dtype() == DType.I64;
    return whole && values instanceof double[] doubles
        ? Arrays.stream(doubles).map(v -> v < 0 ? Math.ceil(v) : Math.floor(v)).toArray()
        : values;
  }
}
