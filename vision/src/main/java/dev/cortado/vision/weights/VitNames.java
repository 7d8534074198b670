package dev.cortado.vision.weights;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of the vision transformer elsewhere.
 *
 * @param layer matches the names inside an encoder layer: the layer's number, then the rest
 * @param inside what is inside a layer, up to the last dot or underscore before weight and bias
 * @param outside what is outside the layers, likewise
 */
record VitNames(Pattern layer, Map<String, String> inside, Map<String, String> outside)
    implements StateNames.Dialect {
  static final VitNames TIMM =
      new VitNames(
          Pattern.compile("blocks\\.(\\d{1,5})\\.(.+)"),
          Map.of(
              "norm1.", "ln_1.",
              "attn.qkv.", "self_attention.in_proj_",
              "attn.proj.", "self_attention.out_proj.",
              "norm2.", "ln_2.",
              "mlp.fc1.", "mlp.0.",
              "mlp.fc2.", "mlp.3."),
          Map.of(
              "cls_token", "class_token",
              "pos_embed", "encoder.pos_embedding",
              "patch_embed.proj.", "conv_proj.",
              "norm.", "encoder.ln.",
              "pre_logits.fc.", "heads.pre_logits.",
              "head.", "heads.head."));

  static final VitNames HUGGING_FACE =
      new VitNames(
          Pattern.compile("(?:vit\\.)?encoder\\.layer\\.(\\d{1,5})\\.(.+)"),
          Map.of(
              "layernorm_before.",
              "ln_1.",
              HuggingFaceAttention.JOINED,
              "self_attention.in_proj_",
              "attention.output.dense.",
              "self_attention.out_proj.",
              "layernorm_after.",
              "ln_2.",
              "intermediate.dense.",
              "mlp.0.",
              "output.dense.",
              "mlp.3."),
          Map.of(
              "embeddings.cls_token", "class_token",
              "embeddings.position_embeddings", "encoder.pos_embedding",
              "embeddings.patch_embeddings.projection.", "conv_proj.",
              "layernorm.", "encoder.ln.",
              "pooler.dense.", StateNames.DROP,
              "classifier.", "heads.head."));

  @Override
  public @Nullable String rename(String name) {
    var match = layer.matcher(name);
    if (match.matches()) {
      var part = rename(match.group(2), inside);
      return part == null
          ? null
          : "encoder.layers.encoder_layer_" + Integer.parseInt(match.group(1)) + "." + part;
    }
    return rename(name.startsWith("vit.") ? name.substring(4) : name, outside);
  }

  private static @Nullable String rename(String name, Map<String, String> table) {
    var whole = table.get(name);
    if (whole != null) {
      return whole;
    }
    for (var leaf : new String[] {"weight", "bias"}) {
      if (name.endsWith("." + leaf)) {
        var part = table.get(name.substring(0, name.length() - leaf.length()));
        return part == null || part.equals(StateNames.DROP) ? part : part + leaf;
      }
    }
    return null;
  }
}
