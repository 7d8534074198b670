package dev.cortado.vision.image;

/**
 * The four colours of print turned into red, green and blue by Pillow's rule, which needs no colour
 * profile.
 */
final class Cmyk {
  private Cmyk() {}

  /** From samples whose 0 is full ink, as JPEG files store them. */
  static byte[] invertedToRgb(byte[] cmyk) {
    var rgb = new byte[cmyk.length / 4 * 3];
    for (int from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
      int light = cmyk[from + 3] & 0xff;
      rgb[to] = mix(255 - (cmyk[from] & 0xff), light);
      rgb[to + 1] = mix(255 - (cmyk[from + 1] & 0xff), light);
      rgb[to + 2] = mix(255 - (cmyk[from + 2] & 0xff), light);
    }
    return rgb;
  }

  /**
   * {@code light - round(ink * light / 255)}: what is left of the light that black lets through.
   */
  static byte mix(int ink, int light) {
    int product = ink * light + 128;
    return (byte) Math.clamp(light - (((product >> 8) + product) >> 8), 0, 255);
  }
}
