package dev.cortado.vision.weights;

/** Whose names a file of weights uses. */
public enum Naming {
  /** torchvision's, which are Cortado's own. */
  TORCHVISION("torchvision"),
  /** timm's for EfficientNet: {@code conv_stem}, {@code blocks.0.0.conv_dw}. */
  TIMM_EFFICIENTNET("timm"),
  /** timm's for the vision transformer: {@code patch_embed}, {@code blocks.0.attn.qkv}. */
  TIMM_VIT("timm"),
  /** Hugging Face's for the vision transformer: {@code vit.embeddings}, {@code encoder.layer.0}. */
  HUGGING_FACE_VIT("Hugging Face"),
  /** EfficientNet-PyTorch's: {@code _conv_stem}, {@code _blocks.0._depthwise_conv}. */
  EFFICIENTNET_PYTORCH("EfficientNet-PyTorch"),
  /** None of these; the names are taken as they are. */
  UNKNOWN("unknown");

  private final String title;

  Naming(String title) {
    this.title = title;
  }

  /** Returns the naming as messages say it. */
  public String title() {
    return title;
  }
}
