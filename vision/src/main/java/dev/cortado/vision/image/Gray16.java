package dev.cortado.vision.image;

/** How a 16-bit grey sample becomes an 8-bit one. */
public enum Gray16 {
  /** The more significant byte: what the picture looks like. */
  HIGH_BYTE,

  /**
   * {@code min(v, 255)}: Pillow's rule, which turns most pictures nearly white. Only for comparing
   * with Python.
   */
  CLIP;

  int toByte(int sample) {
    return this == HIGH_BYTE ? sample >>> 8 : Math.min(sample, 255);
  }
}
