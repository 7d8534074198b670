package dev.cortado.vision.weights;

import dev.cortado.tensor.CortadoException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published weights that Cortado knows about. They are data; nothing is downloaded. */
public final class WeightsCatalog {
  /** Stands for a model's default set wherever a set's name is asked for. */
  public static final String DEFAULT = "DEFAULT";

  private static final List<Weights> ALL = WeightsTable.read();

  private WeightsCatalog() {}

  /** Returns every set, model by model. */
  public static List<Weights> all() {
    return ALL;
  }

  /** Returns the sets of a model, the default one first; none if the model is not known. */
  public static List<Weights> of(String model) {
    return ALL.stream()
        .filter(w -> w.model().equals(model))
        .sorted(Comparator.comparing(w -> !w.preferred()))
        .toList();
  }

  /** Returns the default set of a model, if there is one. */
  public static Optional<Weights> preferred(String model) {
    return of(model).stream().findFirst();
  }

  /**
   * Returns a set of a model by name; upper and lower case are the same, and {@link #DEFAULT} is
   * the default set.
   *
   * @throws CortadoException naming the sets there are, if there is no such one
   */
  public static Weights find(String model, String name) {
    var sets = of(model);
    if (sets.isEmpty()) {
      throw new CortadoException("no published weights are known for the model " + model);
    }
    if (name.equalsIgnoreCase(DEFAULT)) {
      return sets.getFirst();
    }
    return sets.stream()
        .filter(w -> w.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CortadoException(
                    "%s has no weights called %s; there are: %s"
                        .formatted(
                            model,
                            name,
                            sets.stream().map(Weights::name).collect(Collectors.joining(", ")))));
  }

  /** Returns the set whose published file has this SHA-256 (64 hex digits), if it is known. */
  public static Optional<Weights> identify(String sha256) {
    return ALL.stream().filter(w -> w.isFile(sha256)).findFirst();
  }
}
