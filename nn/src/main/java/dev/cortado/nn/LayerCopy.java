package dev.cortado.nn;

import static java.util.Objects.requireNonNull;

import dev.cortado.tensor.CortadoException;

/** Deep copies: a new layer of the same settings takes over numbers, modes and what is frozen. */
final class LayerCopy {
  private LayerCopy() {}

  static <L extends Layer> L of(L layer) {
    var twin = Layer.twinOf(layer);
    check(layer, twin);
    var twins = twin.layers();
    layer.visit((name, part) -> takeOver(part, requireNonNull(twins.get(name))));
    @SuppressWarnings("unchecked") // just checked
    var result = (L) twin;
    return result;
  }

  private static void check(Layer layer, Layer twin) {
    var problem =
        twin.getClass() != layer.getClass()
            ? "it is a " + twin.getClass().getSimpleName()
            : !twin.layers().keySet().equals(layer.layers().keySet())
                    || !twin.entries().keySet().equals(layer.entries().keySet())
                ? "its parts have other names"
                : null;
    if (problem != null) {
      throw new CortadoException(
          "twin() of " + layer.kind() + " does not return a layer like it: " + problem);
    }
  }

  private static void takeOver(Layer from, Layer to) {
    to.exchangeMode(from.inTrainingMode());
    to.frozenByName(from.frozenByName());
    from.ownParameters()
        .forEach(
            (name, parameter) -> {
              var other = requireNonNull(to.ownParameters().get(name));
              other.copyAll(parameter);
              other.trainable(parameter.trainable());
            });
    from.ownBuffers()
        .forEach((name, buffer) -> requireNonNull(to.ownBuffers().get(name)).copyAll(buffer));
  }
}
