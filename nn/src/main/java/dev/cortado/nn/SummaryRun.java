package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a model with shapes only and counts what each layer would do. */
final class SummaryRun implements LayerHook {
  private static final class Seen {
    Shape input = Shape.SCALAR;
    Shape output = Shape.SCALAR;
    long multiplyAdds;
  }

  @SuppressWarnings("IdentityHashMapUsage") // two layers are never the same by value
  private final Map<Layer, Seen> seen = new IdentityHashMap<>();

  /** What had been counted when each running layer began. */
  private final Deque<Long> begins = new ArrayDeque<>();

  private long multiplyAdds;

  private SummaryRun() {}

  static Summary run(Layer model, Shape input) {
    var run = new SummaryRun();
    var registrations = new ArrayList<LayerHook.Registration>();
    var modes = new LinkedHashMap<Layer, Boolean>();
    try {
      for (var layer : model.layers().values()) {
        registrations.add(layer.addHook(run));
        modes.put(layer, layer.exchangeMode(false));
      }
      Backends.shapesOnly(() -> Autograd.noGrad(() -> run.observe(model, input)));
    } finally {
      registrations.forEach(LayerHook.Registration::close);
      modes.forEach(Layer::exchangeMode);
    }
    return new Summary(model.kind(), input, run.rows(model), TrainingMemory.of(model, input));
  }

  private Tensor observe(Layer model, Shape input) {
    var types = model.parameters().values().stream().map(p -> p.spec().dtype());
    var images = Tensor.full(input, types.findFirst().orElse(DType.F32), 0);
    return Ops.observed(
        (op, inputs) -> {
          var results = Ops.applyTraced(op, inputs);
          multiplyAdds += count(op, inputs, results.getFirst());
          return results;
        },
        () -> model.apply(images));
  }

  private static long count(Op op, List<Tensor> inputs, Tensor result) {
    long outputs = result.elements();
    return switch (op) {
      case ConvolutionOp.Conv2d c -> outputs * Initializer.fanIn(inputs.get(1).shape());
      case AttentionOp a ->
          inputs.get(0).elements() * (long) inputs.get(1).dim(-2) + outputs * inputs.get(1).dim(-2);
      case MatMul m -> outputs * inputs.get(0).dim(-1);
      default -> 0;
    };
  }

  @Override
  public void before(Layer layer, Tensor input) {
    begins.push(multiplyAdds);
  }

  @Override
  public void after(Layer layer, Tensor input, Tensor output) {
    var entry = seen.computeIfAbsent(layer, _ -> new Seen());
    entry.input = input.shape();
    entry.output = output.shape();
    entry.multiplyAdds += multiplyAdds - begins.pop();
  }

  private List<Summary.Row> rows(Layer model) {
    var rows = new ArrayList<Summary.Row>();
    model
        .layers()
        .forEach(
            (path, layer) -> {
              int depth = path.isEmpty() ? 0 : (int) path.chars().filter(c -> c == '.').count() + 1;
              var entry = seen.get(layer);
              rows.add(
                  new Summary.Row(
                      path,
                      layer.kind(),
                      depth,
                      entry == null ? null : entry.input,
                      entry == null ? null : entry.output,
                      layer.parameterCount(),
                      layer.trainableCount(),
                      entry == null ? 0 : entry.multiplyAdds));
            });
    return rows;
  }
}
