package dev.cortado.examples.drawings;

/** Colour, relief and gloss of a thing as a function of the place on it. */
@FunctionalInterface
interface Material {
  /**
   * Describes the point (u, v), in the thing's own scene units. On entry height is 0, gloss is 1
   * and the colour is undefined.
   */
  void at(float u, float v, Texel texel);

  /** One colour all over, slightly cloudy: nothing in a kitchen is perfectly even. */
  static Material plain(Tint tint) {
    return (u, v, t) -> {
      float cloud = Noise.cloud(u * 2.1f + 77, v * 2.1f + 31);
      t.set(tint);
      t.scale(0.88f + 0.24f * cloud);
      t.height = cloud;
    };
  }

  /** Two colours in patches of about the given size. */
  static Material patchy(Tint first, Tint second, double size, double shift) {
    float step = (float) (64 / size);
    float at = (float) shift;
    return (u, v, t) -> {
      float cloud = Noise.cloud(u * step + at, v * step - at);
      t.set(first);
      t.mix(second, Noise.ramp(0.38f, 0.66f, cloud));
      t.height = cloud;
    };
  }

  /** Lines along u, as in wood, meat or leaves: two colours, stretched. */
  static Material fibrous(Tint first, Tint second, double width, double stretch, double shift) {
    float across = (float) (32 / width);
    float along = (float) (across / stretch);
    float at = (float) shift;
    return (u, v, t) -> {
      float cloud = Noise.cloud(u * along + at, v * across + at);
      t.set(first);
      t.mix(second, Noise.ramp(0.3f, 0.7f, cloud));
      t.height = cloud;
    };
  }
}
