package dev.cortado.examples.drawings;

/** A colour: red, green and blue, 0 is dark and 1 is full. */
record Tint(float r, float g, float b) {

  /** From the notation of style sheets, for instance {@code 0xFFCC00}. */
  static Tint hex(int rgb) {
    return new Tint((rgb >> 16 & 255) / 255f, (rgb >> 8 & 255) / 255f, (rgb & 255) / 255f);
  }

  Tint towards(Tint other, double share) {
    float s = (float) share;
    return new Tint(r + (other.r - r) * s, g + (other.g - g) * s, b + (other.b - b) * s);
  }

  Tint times(double factor) {
    float f = (float) factor;
    return new Tint(r * f, g * f, b * f);
  }
}
