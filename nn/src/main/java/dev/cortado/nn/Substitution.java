package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a model compute with other tensors in the place of its parameters. */
final class Substitution {
  private Substitution() {}

  static Tensor run(Layer model, Map<String, Tensor> tensors, Supplier<Tensor> body) {
    var parameters = model.parameters();
    var before = new LinkedHashMap<Parameter, @Nullable Tensor>();
    tensors.forEach((name, tensor) -> check(model, name, parameters.get(name), tensor));
    try {
      tensors.forEach(
          (name, tensor) -> {
            var parameter = Objects.requireNonNull(parameters.get(name));
            before.put(parameter, parameter.substitute(tensor));
          });
      return body.get();
    } finally {
      before.forEach(Parameter::substitute);
    }
  }

  private static void check(
      Layer model, String name, @Nullable Parameter parameter, Tensor tensor) {
    if (parameter == null) {
      throw new CortadoException("this " + model.kind() + " has no parameter " + name);
    }
    if (!parameter.spec().equals(tensor.spec())) {
      throw new CortadoException(
          name + " is " + parameter.spec() + ", got " + tensor.spec() + " in its place");
    }
  }
}
