package dev.cortado.examples.drawings;

/**
 * How a flat outline becomes a body. Lengths are scene units.
 *
 * @param material colour and relief
 * @param side colour of the walls, seen when the camera looks from aslant
 * @param round width of the rounding at the rim
 * @param rise height of the rounding
 * @param bump strength of the material's relief
 * @param gloss strength of highlights
 * @param height height of the body: length of its shadow, and of its walls
 * @param shadow share of the light's shadow that it casts
 * @param opacity 1 covers, 0 is glass
 */
record Surface(
    Material material,
    Tint side,
    double round,
    double rise,
    double bump,
    double gloss,
    double height,
    double shadow,
    double opacity) {

  static Surface of(Material material) {
    return new Surface(material, Tint.hex(0x777777), 0, 0, 0, 0, 0, 0, 1);
  }

  static Surface of(Tint tint) {
    return of(Material.plain(tint));
  }

  Surface rounded(double width, double amount) {
    return new Surface(material, side, width, amount, bump, gloss, height, shadow, opacity);
  }

  Surface bumpy(double amount) {
    return new Surface(material, side, round, rise, amount, gloss, height, shadow, opacity);
  }

  Surface glossy(double amount) {
    return new Surface(material, side, round, rise, bump, amount, height, shadow, opacity);
  }

  Surface tall(double amount, Tint wall) {
    return new Surface(material, wall, round, rise, bump, gloss, amount, 1, opacity);
  }

  /** A low thing: it casts a shadow but shows no wall. */
  Surface lying(double amount) {
    return new Surface(material, side, round, rise, bump, gloss, 0, amount, opacity);
  }

  Surface clear(double amount) {
    return new Surface(material, side, round, rise, bump, gloss, height, shadow, amount);
  }
}
