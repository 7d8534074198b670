package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Compares a state with a layer's entries, then copies what fits. */
final class StateLoading {
  private StateLoading() {}

  static LoadReport load(Layer layer, Map<String, Tensor> given, boolean strict) {
    var state = withPresentNames(layer, given);
    var entries = layer.entries();
    var fitting = new LinkedHashMap<StateEntry, Tensor>();
    var missing = new TreeMap<String, TensorSpec>();
    var mismatched = new TreeMap<String, LoadReport.Mismatch>();
    entries.forEach(
        (name, entry) -> {
          var tensor = state.get(name);
          if (tensor == null) {
            if (entry.required()) {
              missing.put(name, entry.spec());
            }
          } else if (fits(entry.spec(), tensor.spec())) {
            fitting.put(entry, tensor);
          } else {
            mismatched.put(name, new LoadReport.Mismatch(entry.spec(), tensor.spec()));
          }
        });
    var unexpected = new TreeMap<String, TensorSpec>();
    state.forEach(
        (name, tensor) -> {
          if (!entries.containsKey(name)) {
            unexpected.put(name, tensor.spec());
          }
        });
    var report = new LoadReport(fitting.size(), missing, unexpected, mismatched);
    if (strict && !report.isComplete()) {
      throw new CortadoException(
          "the state does not fit this " + layer.kind() + ":\n" + report.problems());
    }
    fitting.forEach(StateEntry::copyFrom);
    // An entry that an old file lacks must not keep a shape without numbers.
    entries.values().stream()
        .filter(entry -> !entry.required() && !entry.hasNumbers())
        .forEach(entry -> entry.initialize(dev.cortado.tensor.RandomKey.of(0)));
    return report;
  }

  /** Equal shapes, and both floating or both whole numbers. */
  private static boolean fits(TensorSpec entry, TensorSpec tensor) {
    boolean whole = tensor.dtype() == DType.I64 || tensor.dtype() == DType.I32;
    return entry.shape().equals(tensor.shape())
        && (entry.dtype().isFloating() ? tensor.dtype().isFloating() : whole);
  }

  private static Map<String, Tensor> withPresentNames(Layer layer, Map<String, Tensor> given) {
    var state = new LinkedHashMap<>(given);
    layer.walk(
        "",
        (prefix, part) ->
            part.formerNames()
                .forEach(
                    (before, now) -> {
                      var name = Layer.join(prefix, now);
                      var tensor = state.get(Layer.join(prefix, before));
                      if (tensor != null && !state.containsKey(name)) {
                        state.remove(Layer.join(prefix, before));
                        state.put(name, tensor);
                      }
                    }));
    return state;
  }
}
