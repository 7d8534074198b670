package dev.cortado.simd;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.Cast;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Elementwise;
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
import dev.cortado.tensor.spi.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes F32 ops with the Vector API on all cores, and what is common with whole numbers and
 * truth values. What has no fast kernel, and every other type, goes to the reference.
 */
final class SimdBackend implements Backend {
  static final SimdBackend INSTANCE = new SimdBackend();

  private SimdBackend() {}

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public String description() {
    return "Vector API, " + Lanes.F32.vectorBitSize() + "-bit lanes (" + Lanes.COUNT + " floats)";
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
  public Tensor empty(TensorSpec spec, Layout layout, String origin) {
    return spec.dtype() == DType.F32
        ? Aligned.empty(spec.shape(), layout, origin)
        : Backend.super.empty(spec, layout, origin);
  }

  @Override
  public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
    var fast = fast(op, inputs, results);
    return fast != null ? fast : Backends.reference().run(op, inputs, results);
  }

  private static @Nullable List<Tensor> fast(Op op, List<Tensor> inputs, List<TensorSpec> results) {
    return switch (op) {
      case Elementwise e -> {
        var fast = ElementwiseSimd.run(e, inputs, results);
        yield fast != null ? fast : WholeSimd.run(e, inputs, results);
      }
      case ReductionOp.SumOf s -> {
        var fast = SumOfSimd.run(s, inputs, results);
        yield fast != null ? fast : list(WholeReductionSimd.sum(s, inputs, results.getFirst()));
      }
      case ReductionOp.Extremum e -> {
        var fast = ExtremumSimd.run(e, inputs.getFirst(), results.getFirst());
        yield list(
            fast != null
                ? fast
                : WholeReductionSimd.extremum(e, inputs.getFirst(), results.getFirst()));
      }
      case Sort s -> SortSimd.run(s, inputs.getFirst(), results);
      case Recurrence r ->
          list(ScanSimd.run(r, inputs.getFirst(), inputs.get(1), results.getFirst()));
      case ReductionOp.ArgMax a ->
          list(ExtremumSimd.places(a.axis(), true, inputs.getFirst(), results.getFirst()));
      case ReductionOp.ArgMin a ->
          list(ExtremumSimd.places(a.axis(), false, inputs.getFirst(), results.getFirst()));
      case MatMul m -> list(MatMulSimd.run(m, inputs, results.getFirst()));
      case ConvolutionOp c -> list(Conv2dSimd.run(c, inputs, results.getFirst()));
      case AttentionOp a -> AttentionSimd.run(a, inputs);
      case NormalizationOp n -> NormalizationSimd.run(n, inputs, results);
      case PoolingOp p -> PoolingSimd.run(p, inputs, results);
      case SpatialOp.Resample r ->
          list(
              ResampleSimd.run(
                  r.name(), r.rows(), r.columns(), inputs.getFirst(), results.getFirst()));
      case SpatialOp.Unfold u -> list(UnfoldSimd.unfold(u, inputs.getFirst(), results.getFirst()));
      case SpatialOp.Fold f -> list(UnfoldSimd.fold(f, inputs.getFirst(), results.getFirst()));
      case IndexOp i -> list(IndexSimd.run(i, inputs, results.getFirst()));
      case RandomOp r -> list(RandomSimd.run(r));
      case Cast c -> list(CastSimd.run(c, inputs.getFirst(), results.getFirst()));
      default -> null;
    };
  }

  private static @Nullable List<Tensor> list(@Nullable Tensor result) {
    return result == null ? null : List.of(result);
  }

  @Override
  public void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
    var program = Program.of(op.formulas());
    if (ElementwiseSimd.supports(program, inputs) && runsInto(outputs)) {
      ElementwiseSimd.into(program, apart(inputs, outputs), outputs);
    } else {
      Backends.reference().runInto(op, inputs, outputs);
    }
  }

  @Override
  public boolean copy(Tensor from, Tensor to) {
    return TransposeSimd.run(from, to);
  }

  /** Loops write F32 vectors, to the same places in every output. */
  private static boolean runsInto(List<Tensor> outputs) {
    var first = outputs.getFirst();
    for (var output : outputs) {
      if (output.dtype() != DType.F32
          || !Arrays.equals(output.layout().strides(), first.layout().strides())) {
        return false;
      }
    }
    return Walk.of(first.shape(), first.layout()).innerStride(0) == 1;
  }

  /**
   * Returns the inputs; one that sees the elements of an output in other places is copied, or it
   * would be overwritten before it is read.
   */
  private static List<Tensor> apart(List<Tensor> inputs, List<Tensor> outputs) {
    var result = new ArrayList<>(inputs);
    for (int i = 0; i < result.size(); i++) {
      var input = inputs.get(i);
      for (var output : outputs) {
        boolean same =
            input.shape().equals(output.shape()) && input.layout().equals(output.layout());
        if (input.storage().equals(output.storage()) && !same) {
          result.set(i, input.copy());
          break;
        }
      }
    }
    return result;
  }
}
