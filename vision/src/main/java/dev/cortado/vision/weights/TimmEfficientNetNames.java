package dev.cortado.vision.weights;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * timm's names for EfficientNet. The same name, say {@code conv_pw}, means different things in
 * different kinds of block, so each block's kind is found out first, by the parts it has.
 */
final class TimmEfficientNetNames implements StateNames.Dialect {
  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,5})\\.(\\d{1,5})\\.(.+)");
  private static final Set<String> LEAVES =
      Set.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked");

  /** Two parts that are one numbered child in torchvision: convolution and norm, or both of SE. */
  private record Child(String first, String second) {
    static final Child SQUEEZE_EXCITE = new Child("se.conv_reduce", "se.conv_expand");

    boolean isSqueezeExcite() {
      return equals(SQUEEZE_EXCITE);
    }
  }

  /** A kind of block: its children in torchvision's order. */
  private record Kind(List<Child> children) {
    static final Kind CONVOLUTION_ONLY = new Kind(List.of(new Child("conv", "bn1")));
    static final Kind EDGE_RESIDUAL =
        new Kind(List.of(new Child("conv_exp", "bn1"), new Child("conv_pwl", "bn2")));
    static final Kind DEPTHWISE_SEPARABLE =
        new Kind(
            List.of(
                new Child("conv_dw", "bn1"), Child.SQUEEZE_EXCITE, new Child("conv_pw", "bn2")));
    static final Kind INVERTED_RESIDUAL =
        new Kind(
            List.of(
                new Child("conv_pw", "bn1"),
                new Child("conv_dw", "bn2"),
                Child.SQUEEZE_EXCITE,
                new Child("conv_pwl", "bn3")));

    static @Nullable Kind of(Set<String> parts) {
      if (parts.contains("conv_exp")) {
        return EDGE_RESIDUAL;
      }
      if (parts.contains("conv_dw")) {
        return parts.contains("conv_pwl") ? INVERTED_RESIDUAL : DEPTHWISE_SEPARABLE;
      }
      return parts.contains("conv") ? CONVOLUTION_ONLY : null;
    }

    /** Returns timm's name of each part with torchvision's; SE counts only where there is one. */
    Map<String, String> table(Set<String> parts) {
      var table = new HashMap<String, String>();
      int number = 0;
      for (var child : children) {
        if (!child.isSqueezeExcite()) {
          table.put(child.first, number + ".0");
          table.put(child.second, number + ".1");
          number++;
        } else if (parts.contains(child.first)) {
          table.put(child.first, number + ".fc1");
          table.put(child.second, number + ".fc2");
          number++;
        }
      }
      return table;
    }
  }

  /** torchvision's name of each part of the network, without {@code weight} or the like. */
  private final Map<String, String> table = new HashMap<>();

  TimmEfficientNetNames(Set<String> names) {
    var parts = new HashMap<String, Set<String>>();
    int stages = 0;
    for (var name : names) {
      var match = BLOCK.matcher(name);
      if (match.matches()) {
        int stage = Integer.parseInt(match.group(1));
        stages = Math.max(stages, stage + 1);
        parts
            .computeIfAbsent(stage + "." + match.group(2), block -> new HashSet<>())
            .add(parent(match.group(3)));
      }
    }
    parts.forEach(this::addBlock);
    table.put("conv_stem", "features.0.0");
    table.put("bn1", "features.0.1");
    table.put("conv_head", "features." + (stages + 1) + ".0");
    table.put("bn2", "features." + (stages + 1) + ".1");
    table.put("classifier", "classifier.1");
  }

  private void addBlock(String block, Set<String> parts) {
    var kind = Kind.of(parts);
    if (kind != null) {
      int dot = block.indexOf('.');
      int stage = Integer.parseInt(block.substring(0, dot)) + 1;
      var prefix = "features." + stage + block.substring(dot) + ".block.";
      kind.table(parts).forEach((k, v) -> table.put("blocks." + block + "." + k, prefix + v));
    }
  }

  @Override
  public @Nullable String rename(String name) {
    var part = table.get(parent(name));
    var leaf = name.substring(name.lastIndexOf('.') + 1);
    return part == null || !LEAVES.contains(leaf) ? null : part + "." + leaf;
  }

  private static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }
}
