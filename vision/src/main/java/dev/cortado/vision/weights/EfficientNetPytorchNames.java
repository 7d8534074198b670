package dev.cortado.vision.weights;

import dev.cortado.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * EfficientNet-PyTorch's names, turned into timm's. Its blocks are numbered through all stages; a
 * stage begins where the number of output channels changes.
 */
final class EfficientNetPytorchNames implements StateNames.Dialect {
  private static final Pattern BLOCK = Pattern.compile("_blocks\\.(\\d{1,5})\\.(\\w+)\\.(\\w+)");

  private static final Map<String, String> NETWORK =
      Map.of(
          "_conv_stem", "conv_stem",
          "_bn0", "bn1",
          "_conv_head", "conv_head",
          "_bn1", "bn2",
          "_fc", "classifier");

  private static final Map<String, String> EXPANDING =
      Map.of(
          "_expand_conv", "conv_pw",
          "_bn0", "bn1",
          "_depthwise_conv", "conv_dw",
          "_bn1", "bn2",
          "_se_reduce", "se.conv_reduce",
          "_se_expand", "se.conv_expand",
          "_project_conv", "conv_pwl",
          "_bn2", "bn3");

  private static final Map<String, String> PLAIN =
      Map.of(
          "_depthwise_conv", "conv_dw",
          "_bn1", "bn1",
          "_se_reduce", "se.conv_reduce",
          "_se_expand", "se.conv_expand",
          "_project_conv", "conv_pw",
          "_bn2", "bn2");

  /** timm's stage and number of each block, and whether the block expands. */
  private record Place(String block, boolean expands) {}

  private final Map<Integer, Place> places = new HashMap<>();

  EfficientNetPytorchNames(SequencedMap<String, Tensor> tensors) {
    int stage = -1;
    int inStage = 0;
    int channels = -1;
    for (int i = 0; ; i++) {
      var projection = tensors.get("_blocks." + i + "._project_conv.weight");
      if (projection == null || projection.rank() == 0) {
        break;
      }
      if (projection.dim(0) != channels) {
        stage++;
        inStage = 0;
        channels = projection.dim(0);
      }
      boolean expands = tensors.containsKey("_blocks." + i + "._expand_conv.weight");
      places.put(i, new Place("blocks." + stage + "." + inStage++, expands));
    }
  }

  @Override
  public @Nullable String rename(String name) {
    var match = BLOCK.matcher(name);
    if (match.matches()) {
      var place = places.get(Integer.parseInt(match.group(1)));
      if (place == null) {
        return null;
      }
      var part = (place.expands() ? EXPANDING : PLAIN).get(match.group(2));
      return part == null ? null : place.block() + "." + part + "." + match.group(3);
    }
    int dot = name.lastIndexOf('.');
    var part = dot < 0 ? null : NETWORK.get(name.substring(0, dot));
    return part == null ? null : part + name.substring(dot);
  }
}
