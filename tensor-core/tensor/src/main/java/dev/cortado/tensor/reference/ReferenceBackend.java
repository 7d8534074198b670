package dev.cortado.tensor.reference;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
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
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.SpatialOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import dev.cortado.tensor.spi.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The definition of correct: scalar loops over row-major arrays of doubles, written to be read.
 * Results are rounded once, to the tensor's type, so F32 results are the nearest floats to the
 * truth.
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
  public Storage allocate(TensorSpec spec, String origin) {
    return HostStorage.allocate(spec.dtype(), spec.shape().elements(), origin);
  }

  @Override
  public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
    double[][] in = inputs.stream().map(Values::read).toArray(double[][]::new);
    var specs = inputs.stream().map(Tensor::spec).toArray(TensorSpec[]::new);
    double[][] out =
        switch (op) {
          case Elementwise e -> ElementwiseReference.run(e, in, specs, results.getFirst().shape());
          case ReductionOp.SumOf s -> ReductionReference.sumOf(s, in, specs);
          case ReductionOp.Extremum e ->
              one(ReductionReference.extremum(e, in[0], specs[0].shape()));
          case ReductionOp.ArgMax a -> one(ReductionReference.argMax(a, in[0], specs[0].shape()));
          case MatMul m ->
              epilogue(
                  m.epilogue(),
                  MatMulReference.run(in[0], in[1], specs, results.getFirst()),
                  in,
                  specs,
                  results);
          case ConvolutionOp.Conv2d c ->
              epilogue(
                  c.epilogue(),
                  Conv2dReference.forward(c, in, specs, results.getFirst()),
                  in,
                  specs,
                  results);
          case ConvolutionOp.Conv2dInputGradient c ->
              one(Conv2dReference.inputGradient(c, in, specs, results.getFirst()));
          case ConvolutionOp.Conv2dWeightGradient c ->
              one(Conv2dReference.weightGradient(c, in, specs, results.getFirst()));
          case PoolingOp p -> PoolingReference.run(p, in, specs, results);
          case SpatialOp s -> one(SpatialReference.run(s, in[0], specs[0], results.getFirst()));
          case NormalizationOp n -> NormalizationReference.run(n, in, specs);
          case IndexOp i -> one(IndexReference.run(i, in, specs, results.getFirst()));
          case RandomOp r -> one(random(r));
          case Cast c -> one(cast(c, in[0]));
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
    double[][] in = inputs.stream().map(Values::read).toArray(double[][]::new);
    var specs = inputs.stream().map(Tensor::spec).toArray(TensorSpec[]::new);
    double[][] out = ElementwiseReference.run(op, in, specs, outputs.getFirst().shape());
    for (int i = 0; i < out.length; i++) {
      Values.write(out[i], outputs.get(i));
    }
  }

  private static double[][] one(double[] values) {
    return new double[][] {values};
  }

  /** Applies an epilogue to a finished product; inputs from number 2 on are its extras. */
  private static double[][] epilogue(
      Epilogue epilogue,
      double[] product,
      double[][] in,
      TensorSpec[] specs,
      List<TensorSpec> results) {
    if (epilogue.isNone()) {
      return one(product);
    }
    double[][] values = new double[epilogue.extras() + 1][];
    TensorSpec[] shapes = new TensorSpec[epilogue.extras() + 1];
    values[0] = product;
    shapes[0] = results.getFirst();
    System.arraycopy(in, 2, values, 1, epilogue.extras());
    System.arraycopy(specs, 2, shapes, 1, epilogue.extras());
    return ElementwiseReference.run(epilogue.asOp(), values, shapes, results.getFirst().shape());
  }

  private static double[] random(RandomOp op) {
    double[] values = new double[op.shape().elements()];
    Arrays.setAll(
        values,
        i ->
            switch (op.distribution()) {
              case UNIFORM -> op.key().uniform(i);
              case NORMAL -> op.key().normal(i);
            });
    return values;
  }

  private static double[] cast(Cast op, double[] values) {
    boolean whole = op.dtype() == DType.I32 || op.dtype() == DType.I64;
    return whole
        ? Arrays.stream(values).map(v -> v < 0 ? Math.ceil(v) : Math.floor(v)).toArray()
        : values;
  }
}
