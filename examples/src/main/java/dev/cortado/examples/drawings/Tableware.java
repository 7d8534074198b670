package dev.cortado.examples.drawings;

import java.awt.geom.AffineTransform;

/** Plates, boards, slates and pans. Every food may lie on any of them. */
final class Tableware {
  private static final Tint[] GLAZES = {
    Tint.hex(0xF4F2EC), Tint.hex(0xF4F2EC), Tint.hex(0xE8DFCB), Tint.hex(0x2A2B2E),
    Tint.hex(0x3F5872), Tint.hex(0xA9623F), Tint.hex(0x8FA39A), Tint.hex(0xBFC4C8),
    Tint.hex(0x55493F), Tint.hex(0xC8B08A)
  };

  private Tableware() {}

  /** Puts a plate or a board big enough for what reaches (rx, ry) from the middle. */
  static void serve(Stage stage, Dice dice, double rx, double ry) {
    double turn = dice.between(-0.5, 0.5) + (dice.chance(0.2) ? 1.57 : 0);
    var place = Outline.place(dice.between(-6, 6), dice.between(-6, 6), turn);
    double reach = Math.max(rx, ry);
    switch (dice.below(13)) {
      case 0, 1, 2, 3 -> plate(stage, dice, place, reach * dice.between(1.14, 1.4), 1);
      case 4 -> plate(stage, dice, place, reach * dice.between(1.15, 1.3), Math.max(0.7, ry / rx));
      case 5 -> squarePlate(stage, dice, place, rx, ry);
      case 6, 7 -> board(stage, dice, place, rx, ry);
      case 8 -> roundBoard(stage, dice, place, reach * dice.between(1.1, 1.3));
      case 9 -> slate(stage, dice, place, rx, ry);
      case 10 -> pan(stage, dice, place, reach * 1.16);
      case 11 -> paper(stage, dice, place, rx, ry);
      default -> {
        // Straight on the table.
      }
    }
  }

  private static void plate(
      Stage stage, Dice dice, AffineTransform place, double radius, double ratio) {
    var glaze = dice.near(dice.pick(GLAZES), 0.04);
    var rim = dice.chance(0.35) ? dice.near(dice.pick(GLAZES), 0.05) : glaze;
    double well = dice.between(0.66, 0.84);
    double line = dice.chance(0.3) ? dice.between(0.9, 0.96) : 2;
    double speckle = dice.chance(0.3) ? dice.between(0.2, 0.5) : 0;
    var body =
        Surface.of(ceramic(glaze, rim, radius, ratio, well, line, speckle))
            .rounded(radius * 0.05, 2)
            .bumpy(1)
            .glossy(dice.between(0.1, 0.45))
            .tall(dice.between(3, 7), glaze.times(0.8));
    stage.put(Outline.oval(radius, radius * ratio), place, body);
  }

  /** A plate's glaze: a flat well, a slope and a rim that may carry a line. */
  static Material ceramic(
      Tint glaze, Tint rim, double radius, double ratio, double well, double line, double speckle) {
    float across = (float) (1 / radius);
    float down = (float) (1 / (radius * ratio));
    float from = (float) well;
    float ring = (float) line;
    float dots = (float) speckle;
    float rise = (float) (radius * 0.05);
    return (u, v, t) -> {
      float r = (float) Math.sqrt(u * u * across * across + v * v * down * down);
      float slope = Noise.ramp(from - 0.02f, from + 0.09f, r);
      t.set(glaze);
      t.mix(rim, slope);
      if (Math.abs(r - ring) < 0.016f) {
        t.scale(0.45f);
      }
      if (dots > 0 && Noise.cells(u * 2.6f, v * 2.6f) < 0.2f) {
        t.scale(1 - dots);
      }
      t.scale(0.95f + 0.1f * Noise.cloud(u * 0.8f, v * 0.8f));
      t.height = rise * slope;
    };
  }

  private static void squarePlate(
      Stage stage, Dice dice, AffineTransform place, double rx, double ry) {
    var glaze = dice.near(dice.pick(GLAZES), 0.04);
    double width = rx * dice.between(2.2, 2.5);
    double height = Math.max(ry * dice.between(2.2, 2.5), width * 0.45);
    double corner = dice.between(3, 26);
    stage.put(
        Outline.box(width, height, corner),
        place,
        Surface.of(glaze)
            .rounded(12, 3)
            .glossy(dice.between(0.1, 0.4))
            .tall(dice.between(3, 7), glaze.times(0.75)));
    stage.put(
        Outline.box(width - 22, height - 22, corner * 0.7),
        place,
        Surface.of(glaze.times(dice.between(0.86, 1))).rounded(9, -2.4).glossy(0.15));
  }

  private static void board(Stage stage, Dice dice, AffineTransform place, double rx, double ry) {
    var tint = Table.wood(dice);
    double width = rx * dice.between(2.2, 2.7);
    double height = Math.max(ry * dice.between(2.2, 2.6), width * 0.5);
    var surface =
        Surface.of(Table.grain(dice, tint))
            .rounded(5, 2)
            .bumpy(1.3)
            .tall(dice.between(5, 11), tint.times(0.6));
    if (dice.chance(0.35)) {
      double reach = width * 0.5 + 14;
      stage.put(Outline.box(70, 26, 11), Outline.within(place, reach, 0, 0), surface);
      stage.put(
          Outline.circle(4.5),
          Outline.within(place, reach + 22, 0, 0),
          Surface.of(Tint.hex(0x2A211B)));
    }
    stage.put(Outline.box(width, height, dice.between(3, 18)), place, surface);
  }

  private static void roundBoard(Stage stage, Dice dice, AffineTransform place, double radius) {
    var tint = Table.wood(dice);
    var surface =
        Surface.of(Table.grain(dice, tint))
            .rounded(6, 2.5)
            .bumpy(1.3)
            .tall(dice.between(5, 11), tint.times(0.6));
    if (dice.chance(0.5)) {
      stage.put(Outline.box(90, 30, 13), Outline.within(place, radius + 18, 0, 0), surface);
    }
    stage.put(Outline.circle(radius), place, surface);
  }

  private static void slate(Stage stage, Dice dice, AffineTransform place, double rx, double ry) {
    double width = rx * dice.between(2.2, 2.6);
    double height = Math.max(ry * dice.between(2.2, 2.5), width * 0.5);
    stage.put(
        Outline.box(width, height, 1.5),
        place,
        Surface.of(Table.stone(dice))
            .rounded(3, 1.5)
            .bumpy(2.2)
            .glossy(0.05)
            .tall(4, Tint.hex(0x26282A)));
  }

  private static void pan(Stage stage, Dice dice, AffineTransform place, double radius) {
    var iron = dice.near(Tint.hex(0x2C2B2B), 0.05);
    var surface = Surface.of(iron).bumpy(0.8).glossy(0.25).tall(11, iron.times(0.8));
    stage.put(
        Outline.box(120, 24, 11), Outline.within(place, radius + 40, 0, 0), surface.rounded(12, 5));
    stage.put(Outline.circle(radius), place, surface.rounded(7, 5));
    stage.put(
        Outline.circle(radius * 0.93),
        place,
        Surface.of(Material.patchy(iron, iron.times(1.5), 40, dice.between(0, 512)))
            .rounded(10, -4)
            .bumpy(0.8)
            .glossy(0.22));
  }

  private static void paper(Stage stage, Dice dice, AffineTransform place, double rx, double ry) {
    var tint =
        dice.near(dice.pick(Tint.hex(0xF0EBDD), Tint.hex(0xC7A57B), Tint.hex(0xDDD8CF)), 0.05);
    float shift = (float) dice.between(0, 512);
    Material creased =
        (u, v, t) -> {
          float fold = Noise.cloud(u * 0.35f + shift, v * 0.35f);
          t.set(tint);
          t.scale(0.93f + 0.1f * Noise.cloud(u * 5, v * 5));
          t.height = Math.abs(fold - 0.5f) * 34;
        };
    var sheet = new Outline(dice, 1, 1, 0.03, 9);
    var wide = AffineTransform.getScaleInstance(rx * 1.25, Math.max(ry, rx * 0.6) * 1.25);
    var outline =
        dice.chance(0.5)
            ? Outline.box(rx * 2.3, Math.max(ry, rx * 0.7) * 2.3, 2)
            : wide.createTransformedShape(sheet.path());
    stage.put(outline, place, Surface.of(creased).bumpy(1).lying(0.7));
  }
}
