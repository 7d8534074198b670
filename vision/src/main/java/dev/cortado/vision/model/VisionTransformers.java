package dev.cortado.vision.model;

import java.util.List;

/** The published vision transformers: torchvision's, and timm's small ones. */
final class VisionTransformers {
  static final List<VisionTransformerArchitecture> ALL =
      List.of(
          vit("vit_b_16", 16, 12, 12, 768),
          vit("vit_b_32", 32, 12, 12, 768),
          vit("vit_l_16", 16, 24, 16, 1024),
          vit("vit_l_32", 32, 24, 16, 1024),
          vit("vit_h_14", 14, 32, 16, 1280),
          vit("vit_tiny_patch16_224", 16, 12, 3, 192),
          vit("vit_small_patch16_224", 16, 12, 6, 384));

  private VisionTransformers() {}

  private static VisionTransformerArchitecture vit(
      String name, int patch, int layers, int heads, int width) {
    return new VisionTransformerArchitecture(
        name, 224, patch, layers, heads, width, 4 * width, 0, 0, 0);
  }
}
