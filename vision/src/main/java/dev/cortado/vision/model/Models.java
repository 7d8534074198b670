package dev.cortado.vision.model;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/** The models by name. Names are torchvision's and timm's. */
public final class Models {
  private static final SequencedMap<String, Architecture> ALL = all();

  private Models() {}

  private static SequencedMap<String, Architecture> all() {
    var all = new LinkedHashMap<String, Architecture>();
    EfficientNets.ALL.forEach(a -> all.put(a.name(), a));
    VisionTransformers.ALL.forEach(a -> all.put(a.name(), a));
    return Collections.unmodifiableSequencedMap(all);
  }

  /** Returns all names. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Returns the record of a model.
   *
   * @throws CortadoException if there is none of that name; the message lists the known ones and
   *     the nearest
   */
  public static Architecture architecture(String name) {
    var architecture = ALL.get(name);
    if (architecture == null) {
      throw new CortadoException(
          "unknown model '"
              + name
              + "'"
              + nearest(name).map(known -> "; did you mean " + known + "?").orElse(".")
              + " Known are "
              + String.join(", ", names()));
    }
    return architecture;
  }

  /**
   * Returns a model with shapes but without numbers, for {@link Model#load} or {@link
   * Model#initialize}: it costs no time and no memory.
   */
  public static Model define(String name, int classes) {
    return architecture(name).build(classes);
  }

  /**
   * Returns a model without numbers for images of another size. EfficientNets take any size; of
   * transformers it decides the number of tokens.
   */
  public static Model define(String name, int classes, int inputSize) {
    return switch (architecture(name)) {
      case VisionTransformerArchitecture vit -> vit.withInputSize(inputSize).build(classes);
      case EfficientNetArchitecture net -> net.build(classes);
    };
  }

  /** Returns a model with weights drawn from seed 0. */
  public static Model create(String name, int classes) {
    return create(name, classes, RandomKey.of(0));
  }

  /** Returns a model with weights drawn from {@code key}. */
  public static Model create(String name, int classes, RandomKey key) {
    var model = define(name, classes);
    model.initialize(key);
    return model;
  }

  /**
   * Returns a known name that contains {@code name}, else the one with the fewest edits; none if
   * more than half of the letters would have to change.
   */
  private static Optional<String> nearest(String name) {
    var lower = name.toLowerCase(Locale.ROOT).replace('-', '_');
    return names().stream()
        .filter(known -> known.contains(lower) || 2 * distance(lower, known) <= lower.length())
        .min(
            Comparator.comparingInt((String known) -> known.contains(lower) ? 0 : 1)
                .thenComparingInt(known -> distance(lower, known)));
  }

  /**
   * Returns how many letters have to be inserted, deleted or replaced to make {@code b} of {@code
   * a}: whether one is a slip of the fingers for the other. Levenshtein 1966.
   */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
