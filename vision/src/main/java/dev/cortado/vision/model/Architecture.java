package dev.cortado.vision.model;

/** A model as a record of numbers. */
public sealed interface Architecture
    permits EfficientNetArchitecture, VisionTransformerArchitecture {
  /** Returns torchvision's or timm's name. */
  String name();

  /** Returns the height and width of input images in pixels. */
  int inputSize();

  /** Returns the model with shapes but without numbers. */
  Model build(int classes);
}
