package dev.cortado.examples.drawings;

/**
 * Where the light comes from.
 *
 * @param x unit vector towards the light, to the right of the picture
 * @param y the same, downwards
 * @param z the same, towards the viewer
 * @param ambient share of the light that comes from everywhere
 * @param softness blur of the shadows, in scene units
 * @param shadow how dark shadows are, 0 to 1
 */
record Light(float x, float y, float z, float ambient, float softness, float shadow) {

  static Light random(Dice dice) {
    double azimuth = dice.angle();
    double elevation = StrictMath.toRadians(dice.between(32, 68));
    double flat = StrictMath.cos(elevation);
    return new Light(
        (float) (StrictMath.cos(azimuth) * flat),
        (float) (StrictMath.sin(azimuth) * flat),
        (float) StrictMath.sin(elevation),
        (float) dice.between(0.35, 0.65),
        (float) dice.between(2.5, 7),
        (float) dice.between(0.35, 0.7));
  }
}
