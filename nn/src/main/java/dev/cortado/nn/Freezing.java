package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import java.util.ArrayList;
import java.util.List;

/** Freezes and unfreezes what a pattern names. */
final class Freezing {
  private Freezing() {}

  static void set(Layer model, String pattern, boolean frozen) {
    for (var part : pattern.split(",", -1)) {
      boolean matched = set(model, NamePattern.of(model.expandPattern(part.strip())), frozen);
      if (!matched) {
        throw new CortadoException(
            "no layer or parameter of this "
                + model.kind()
                + " matches '"
                + part.strip()
                + "'; its parts are "
                + partNames(model)
                + ", and '*' stands for any characters");
      }
    }
  }

  private static boolean set(Layer model, NamePattern names, boolean frozen) {
    boolean[] matched = new boolean[1];
    model.visit(
        (name, layer) -> {
          if (!name.isEmpty() && names.matches(name)) {
            layer.visit((below, part) -> part.frozenByName(frozen));
            matched[0] = true;
          }
        });
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (names.matches(name)) {
                parameter.trainable(!frozen);
                matched[0] = true;
              }
            });
    return matched[0];
  }

  private static List<String> partNames(Layer model) {
    var names = new ArrayList<>(model.ownParameters().keySet());
    names.addAll(model.children().keySet());
    return names;
  }
}
