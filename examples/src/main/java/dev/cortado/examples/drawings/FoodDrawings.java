package dev.cortado.examples.drawings;

import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Draws pizza, steak and sushi as a camera might see them. The same class and seed give the same
 * bytes on every run and thread.
 *
 * <p>Everything that a class does not need is shared by all three: plates and boards, tables, lemon
 * and basil, bowls of sauce, light and camera. What is left to tell them apart by is form.
 */
public final class FoodDrawings {
  /** How many scene units the shorter side of the picture shows. */
  private static final double FIELD = 232;

  private FoodDrawings() {}

  /**
   * Draws one picture.
   *
   * @param kind what it shows
   * @param seed which of the endlessly many pictures of it
   * @return a picture of 240 to 320 pixels a side, type {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage draw(FoodClass kind, long seed) {
    var dice = new Dice(Dice.mix(seed) + kind.stream * 0x632BE59BD9B4E019L);
    int side = dice.count(256, 272);
    int other = (int) (side * dice.between(1, 1.2));
    boolean upright = dice.chance(0.3);
    int width = upright ? side : other;
    int height = upright ? other : side;

    double zoom = side / FIELD * dice.between(0.84, 1.18);
    double slant = dice.chance(0.3) ? 1 : dice.between(0.68, 0.98);
    var camera =
        AffineTransform.getTranslateInstance(
            width * dice.between(0.42, 0.58), height * dice.between(0.43, 0.59));
    camera.scale(zoom, zoom * slant);
    camera.concatenate(Outline.place(0, 0, dice.angle()));

    double lean = StrictMath.sqrt(1 - slant * slant);
    var stage = new Stage(width, height, Light.random(dice.fork(10)), camera, zoom, lean);
    Table.lay(stage, dice.fork(11));
    new Clutter(stage, dice.fork(12)).around(118, kind);
    switch (kind) {
      case PIZZA -> new PizzaPainter(stage, dice.fork(13)).paint();
      case STEAK -> new SteakPainter(stage, dice.fork(13)).paint();
      case SUSHI -> new SushiPainter(stage, dice.fork(13)).paint();
    }
    stage.close();
    return new Lens(dice.fork(14)).expose(stage);
  }

  /**
   * The pixels of a picture, row by row, as three bytes each: red, green, blue.
   *
   * @param image a picture drawn by {@link #draw}
   * @return {@code 3 · width · height} bytes
   */
  public static byte[] rgb(BufferedImage image) {
    var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    var bytes = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      bytes[3 * i] = (byte) (pixels[i] >> 16);
      bytes[3 * i + 1] = (byte) (pixels[i] >> 8);
      bytes[3 * i + 2] = (byte) pixels[i];
    }
    return bytes;
  }
}
