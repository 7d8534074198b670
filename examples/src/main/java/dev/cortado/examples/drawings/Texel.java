package dev.cortado.examples.drawings;

/**
 * What a {@link Material} says about one point. Reused from pixel to pixel, because a picture asks
 * half a million times.
 */
final class Texel {
  float r;
  float g;
  float b;

  /** Height above the body's own form, in scene units times the surface's bump. */
  float height;

  /** Share of the surface's gloss at this point. */
  float gloss = 1;

  void set(Tint tint) {
    r = tint.r();
    g = tint.g();
    b = tint.b();
  }

  void mix(Tint tint, float share) {
    r += (tint.r() - r) * share;
    g += (tint.g() - g) * share;
    b += (tint.b() - b) * share;
  }

  void scale(float factor) {
    r *= factor;
    g *= factor;
    b *= factor;
  }
}
