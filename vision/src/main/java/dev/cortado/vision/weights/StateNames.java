package dev.cortado.vision.weights;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose names a state uses and gives its tensors the names they have in Cortado, which
 * are torchvision's. No number changes; only Hugging Face's separate query, key and value become
 * one tensor.
 */
public final class StateNames {
  /** What data-parallel training, Lightning and compiled models put before every name. */
  private static final List<String> WRAPPERS = List.of("module.", "model.", "_orig_mod.");

  /** What an averaged model counts; it is no part of the model. */
  private static final Set<String> COUNTERS = Set.of("n_averaged", "module.n_averaged");

  private StateNames() {}

  /** One library's names. */
  interface Dialect {
    /**
     * Returns the name in Cortado, {@link #DROP} if a classifier does not need the tensor, or null
     * if there is no counterpart.
     */
    @Nullable String rename(String name);
  }

  /** Stands for a tensor that is left out on purpose. */
  static final String DROP = "";

  /**
   * Returns {@code tensors} under Cortado's names.
   *
   * @param file what messages call the state
   * @throws CortadoException listing the tensors without a counterpart, if the naming is known and
   *     there are such
   */
  public static NamedState convert(String file, SequencedMap<String, Tensor> tensors) {
    var plain = unwrapped(tensors);
    var naming = detect(plain.keySet());
    return switch (naming) {
      case TORCHVISION -> renamed(file, naming, plain, TorchvisionNames::rename);
      case TIMM_EFFICIENTNET ->
          renamed(file, naming, plain, new TimmEfficientNetNames(plain.keySet()));
      case TIMM_VIT -> renamed(file, naming, plain, VitNames.TIMM);
      case HUGGING_FACE_VIT ->
          renamed(file, naming, HuggingFaceAttention.joined(file, plain), VitNames.HUGGING_FACE);
      case EFFICIENTNET_PYTORCH -> {
        var names = new EfficientNetPytorchNames(plain);
        var timm = renamed(file, naming, plain, names).tensors();
        yield renamed(file, naming, timm, new TimmEfficientNetNames(timm.keySet()));
      }
      case UNKNOWN -> new NamedState(naming, plain, List.of());
    };
  }

  /** Takes off prefixes that all names share because a wrapper put them there. */
  private static SequencedMap<String, Tensor> unwrapped(Map<String, Tensor> tensors) {
    var result = new LinkedHashMap<String, Tensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (!COUNTERS.contains(name)) {
            result.put(name, tensor);
          }
        });
    for (var wrapper : WRAPPERS) {
      if (!result.isEmpty() && result.keySet().stream().allMatch(n -> n.startsWith(wrapper))) {
        var inner = new LinkedHashMap<String, Tensor>();
        result.forEach((name, tensor) -> inner.put(name.substring(wrapper.length()), tensor));
        return unwrapped(inner);
      }
    }
    return result;
  }

  private static Naming detect(Set<String> names) {
    if (names.contains("features.0.0.weight") || names.contains("conv_proj.weight")) {
      return Naming.TORCHVISION;
    }
    if (names.contains("conv_stem.weight")) {
      return Naming.TIMM_EFFICIENTNET;
    }
    if (names.contains("_conv_stem.weight")) {
      return Naming.EFFICIENTNET_PYTORCH;
    }
    if (names.contains("patch_embed.proj.weight")) {
      return Naming.TIMM_VIT;
    }
    return names.stream().anyMatch(n -> n.endsWith("embeddings.patch_embeddings.projection.weight"))
        ? Naming.HUGGING_FACE_VIT
        : Naming.UNKNOWN;
  }

  private static NamedState renamed(
      String file, Naming naming, SequencedMap<String, Tensor> tensors, Dialect dialect) {
    var result = new LinkedHashMap<String, Tensor>();
    var dropped = new ArrayList<String>();
    var strangers = new ArrayList<String>();
    tensors.forEach(
        (before, tensor) -> {
          var name = dialect.rename(before);
          if (name == null) {
            strangers.add(before + " " + tensor.shape());
          } else if (name.equals(DROP)) {
            dropped.add(before);
          } else if (result.putIfAbsent(name, tensor) != null) {
            throw new CortadoException(file + " holds two tensors for " + name + ": " + before);
          }
        });
    if (!strangers.isEmpty()) {
      throw new CortadoException(
          "%s: its names are %s's, but %d of its tensors have no counterpart in Cortado's models: %s"
              .formatted(file, naming.title(), strangers.size(), abridged(strangers)));
    }
    return new NamedState(naming, result, dropped);
  }

  private static String abridged(List<String> names) {
    int shown = Math.min(names.size(), 10);
    return String.join(", ", names.subList(0, shown))
        + (shown < names.size() ? ", … and " + (names.size() - shown) + " more" : "");
  }
}
