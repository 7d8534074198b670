package dev.cortado.examples.drawings;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * What a camera adds: uneven light, a colour cast, contrast, a soft focus, a vignette, and the
 * noise of its sensor.
 */
final class Lens {
  private final Dice dice;

  Lens(Dice dice) {
    this.dice = dice;
  }

  BufferedImage expose(Stage stage) {
    int width = stage.width;
    int height = stage.height;
    if (dice.chance(0.75)) {
      float share = (float) dice.between(0.04, 0.24);
      soften(stage.red, width, height, share);
      soften(stage.green, width, height, share);
      soften(stage.blue, width, height, share);
    }
    var falloff = falloff(width, height);
    double warmth = dice.between(-0.2, 0.24);
    double tint = dice.between(-0.06, 0.06);
    double exposure = dice.between(0.8, 1.25);
    var gains =
        new float[] {
          (float) (exposure * (1 + warmth)),
          (float) (exposure * (1 + tint)),
          (float) (exposure * (1 - warmth))
        };
    float contrast = (float) dice.between(0.8, 1.25);
    float haze = (float) dice.between(-0.03, 0.06);
    float saturation =
        (float) (dice.chance(0.12) ? dice.between(0.1, 0.5) : dice.between(0.55, 1.2));
    float grain =
        (float) (dice.chance(0.25) ? dice.between(0.02, 0.042) : dice.between(0.003, 0.016));
    long key = dice.next();
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        float light = falloff[i];
        float r = stage.red[i] * gains[0] * light;
        float g = stage.green[i] * gains[1] * light;
        float b = stage.blue[i] * gains[2] * light;
        float grey = 0.3f * r + 0.59f * g + 0.11f * b;
        long bits = Dice.mix(key + i * 0x9E3779B97F4A7C15L);
        float shared = noise(bits) * grain;
        pixels[i] =
            tone(
                        grey + saturation * (r - grey),
                        contrast,
                        haze,
                        shared + noise(bits >>> 16) * grain * 0.5f)
                    << 16
                | tone(
                        grey + saturation * (g - grey),
                        contrast,
                        haze,
                        shared + noise(bits >>> 32) * grain * 0.4f)
                    << 8
                | tone(
                    grey + saturation * (b - grey),
                    contrast,
                    haze,
                    shared + noise(bits >>> 48) * grain * 0.6f);
      }
    }
    return image;
  }

  /** The sum of two dice of 256 sides, centred, with a spread of about one. */
  private static float noise(long bits) {
    return ((bits & 255) + (bits >>> 8 & 255) - 255) * (1 / 104f);
  }

  private static int tone(float value, float contrast, float haze, float noise) {
    float x = 0.45f + (value - 0.45f) * contrast + haze;
    // Highlights run out gently, as film does.
    if (x > 0.8f) {
      x = 0.8f + 0.2f * (x - 0.8f) / (x - 0.6f);
    }
    return Math.clamp((int) ((x + noise) * 255 + 0.5f), 0, 255);
  }

  /** Brightness over the picture: brighter towards a window, darker in the corners. */
  private float[] falloff(int width, int height) {
    double towards = dice.angle();
    float slope = (float) dice.between(0, 0.3);
    float dx = (float) (slope * StrictMath.cos(towards) / width);
    float dy = (float) (slope * StrictMath.sin(towards) / width);
    float corners = (float) (dice.chance(0.6) ? dice.between(0.1, 0.5) : 0);
    float scale = 2f / (width * width + height * height);
    var light = new float[width * height];
    for (int y = 0; y < height; y++) {
      float v = y - height / 2f;
      for (int x = 0; x < width; x++) {
        float u = x - width / 2f;
        float r = (u * u + v * v) * scale;
        light[y * width + x] = (1 + dx * u + dy * v) * (1 - corners * r);
      }
    }
    return light;
  }

  /** Blurs in place by (s, 1 − 2s, s), along both axes. */
  private static void soften(float[] plane, int width, int height, float share) {
    float middle = 1 - 2 * share;
    for (int y = 0; y < height; y++) {
      float before = plane[y * width];
      for (int i = y * width; i < y * width + width; i++) {
        float here = plane[i];
        float after = i + 1 < y * width + width ? plane[i + 1] : here;
        plane[i] = middle * here + share * (before + after);
        before = here;
      }
    }
    var above = java.util.Arrays.copyOf(plane, width);
    for (int y = 0; y < height; y++) {
      int below = Math.min(y + 1, height - 1) * width;
      for (int x = 0; x < width; x++) {
        float here = plane[y * width + x];
        plane[y * width + x] = middle * here + share * (above[x] + plane[below + x]);
        above[x] = here;
      }
    }
  }
}
