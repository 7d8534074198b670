package dev.cortado.examples.drawings;

import java.awt.BasicStroke;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** What else lies about on a table: cutlery, chopsticks, glasses, napkins, small bowls. */
final class Clutter {
  private final Stage stage;
  private final Dice dice;
  private final Garnish garnish;

  Clutter(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
    this.garnish = new Garnish(stage, dice.fork(1));
  }

  /** A few things round the edge of the picture, about {@code reach} from its middle. */
  void around(double reach, FoodClass food) {
    double start = dice.angle();
    int things = dice.count(1, 4);
    for (int i = 0; i < things; i++) {
      double angle = start + i * 6.283 / things + dice.between(-0.4, 0.4);
      double away = reach + dice.between(18, 46);
      double x = away * StrictMath.cos(angle);
      double y = away * StrictMath.sin(angle);
      double tangent = angle + 1.57 + dice.between(-0.3, 0.3);
      // Chopsticks are at home with sushi and knives with steak, but a table is rarely that strict.
      boolean sticks = dice.chance(food == FoodClass.SUSHI ? 0.5 : 0.14);
      switch (dice.below(9)) {
        case 0, 1, 2 -> {
          if (sticks) {
            chopsticks(x, y, tangent);
          } else {
            cutlery(x, y, tangent);
          }
        }
        case 3 -> glass(x, y, dice.between(24, 38));
        case 4, 5 -> bowl(x, y, dice.between(20, 33));
        case 6 -> napkin(x, y, tangent);
        default -> garnish.any(x, y);
      }
    }
    if (dice.chance(0.3)) {
      var crumb =
          dice.pick(Tint.hex(0xC99A5B), Tint.hex(0x2F2A26), Tint.hex(0xEFEBE2), Tint.hex(0x4E7B36));
      garnish.scatter(
          0, 0, reach * 1.3, reach * 1.3, dice.count(10, 40), crumb, dice.between(1, 2.2));
    }
  }

  private Surface metal() {
    var tint = dice.near(dice.chance(0.85) ? Tint.hex(0xA9ABAE) : Tint.hex(0xB8934E), 0.05);
    Material brushed =
        (u, v, t) -> {
          t.set(tint);
          t.scale(0.75f + 0.5f * Noise.cloud(u * 0.4f, v * 5));
        };
    return Surface.of(brushed).rounded(4, 2).glossy(0.9).lying(0.9);
  }

  private void cutlery(double x, double y, double angle) {
    int kinds = dice.count(1, 2);
    for (int i = 0; i < kinds; i++) {
      double off = i * 18;
      var place =
          Outline.place(
              x + off * StrictMath.sin(angle),
              y - off * StrictMath.cos(angle),
              angle + dice.between(-0.08, 0.08));
      int kind = dice.below(3);
      var metal = metal();
      var handle = Outline.smooth(-75, -4.5, -30, -2.6, 20, -2.4, 20, 2.4, -30, 2.6, -75, 4.5);
      boolean wooden = dice.chance(0.25);
      var whole = new Area(handle);
      if (kind == 0) {
        whole.add(new Area(fork()));
      } else if (kind == 1) {
        whole.add(new Area(Outline.smooth(8, -4, 40, -7, 75, -6, 95, 0, 60, 4, 8, 4)));
      } else {
        var head = Outline.oval(19, 11.5);
        whole.add(new Area(Outline.place(36, 0, 0).createTransformedShape(head)));
      }
      stage.put(whole, place, metal);
      if (kind == 2) {
        stage.put(
            Outline.oval(16, 9),
            Outline.within(place, 36, 0, 0),
            Surface.of(Tint.hex(0x8E9094)).rounded(12, -5).glossy(0.8));
      }
      if (wooden) {
        stage.put(
            Outline.box(70, 10, 5),
            Outline.within(place, -50, 0, 0),
            Surface.of(Table.grain(dice, Table.wood(dice))).rounded(5, 3).lying(0.6));
      }
    }
  }

  private static Path2D fork() {
    var head = Outline.smooth(14, -2, 26, -8, 44, -9, 44, 9, 26, 8, 14, 2);
    for (int i = 0; i < 4; i++) {
      head.append(new Rectangle2D.Double(38, -8.6 + i * 4.9, 32, 2.5), false);
    }
    return head;
  }

  private void chopsticks(double x, double y, double angle) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0x7A4A2B), Tint.hex(0xC79A62), Tint.hex(0x2A2224), Tint.hex(0x8E2A22)),
            0.06);
    for (int i = 0; i < 2; i++) {
      var stick = new Path2D.Double();
      stick.moveTo(-105, -3.6);
      stick.lineTo(105, -1.7);
      stick.lineTo(105, 1.7);
      stick.lineTo(-105, 3.6);
      stick.closePath();
      double off = 5.5 * (2 * i - 1);
      stage.put(
          stick,
          Outline.place(
              x + off * StrictMath.sin(angle),
              y - off * StrictMath.cos(angle),
              angle + dice.between(-0.04, 0.04)),
          Surface.of(tint).rounded(4, 2.6).glossy(0.35).lying(1));
    }
  }

  private void glass(double x, double y, double size) {
    var drink =
        dice.pick(
            Tint.hex(0xD8E2E6),
            Tint.hex(0x5A1020),
            Tint.hex(0xC98A2A),
            Tint.hex(0xE6E2D6),
            Tint.hex(0x3A2418));
    var place = Outline.place(x, y, 0);
    var ring = new BasicStroke(3).createStrokedShape(Outline.circle(size));
    stage.put(
        Outline.circle(size),
        place,
        Surface.of(dice.near(drink, 0.05))
            .rounded(8, 3)
            .glossy(0.5)
            .tall(14, drink.times(0.8))
            .clear(0.75));
    stage.put(
        ring,
        Outline.place(x, y, 0),
        Surface.of(Tint.hex(0xC9D2D6)).rounded(3, 2).glossy(1).clear(0.7));
    stage.put(
        Outline.oval(size * 0.5, size * 0.16),
        Outline.place(x - size * 0.3, y - size * 0.35, -0.8),
        Surface.of(Tint.hex(0xFFFFFF)).rounded(5, 1).clear(0.4));
  }

  /** A small bowl of sauce: soy, ketchup, mayonnaise, gravy, oil, pesto. */
  private void bowl(double x, double y, double size) {
    var glaze =
        dice.near(
            dice.pick(
                Tint.hex(0xF0EEE8),
                Tint.hex(0x2A2B2E),
                Tint.hex(0x5D7A94),
                Tint.hex(0xB08457),
                Tint.hex(0x7B2E26)),
            0.05);
    var sauce =
        dice.near(
            dice.pick(
                Tint.hex(0x2A1610),
                Tint.hex(0xA3271A),
                Tint.hex(0xEDE2C0),
                Tint.hex(0x5B3520),
                Tint.hex(0xBE9A2E),
                Tint.hex(0x5D7A30)),
            0.04);
    double ratio = dice.chance(0.7) ? 1 : dice.between(0.65, 0.9);
    var place = Outline.place(x, y, dice.angle());
    boolean square = dice.chance(0.2);
    var rim = square ? Outline.box(size * 2, size * 1.7, 6) : Outline.oval(size, size * ratio);
    var well =
        square
            ? Outline.box(size * 1.6, size * 1.3, 5)
            : Outline.oval(size * 0.8, size * ratio * 0.8);
    stage.put(rim, place, Surface.of(glaze).rounded(6, 4).glossy(0.4).tall(9, glaze.times(0.8)));
    double table = stage.ground();
    stage.standAt(table + 9);
    stage.put(well, place, Surface.of(glaze.times(0.55)).rounded(5, -3));
    stage.put(
        square
            ? Outline.box(size * 1.45, size * 1.15, 4)
            : Outline.oval(size * 0.72, size * ratio * 0.72),
        place,
        Surface.of(sauce).rounded(4, 0.8).bumpy(dice.between(0, 1.4)).glossy(0.7));
    stage.standAt(table);
  }

  private void napkin(double x, double y, double angle) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0xF1EEE8),
                Tint.hex(0xB33A33),
                Tint.hex(0x3F5F86),
                Tint.hex(0x5F7F5A),
                Tint.hex(0xD2B36A)),
            0.06);
    boolean striped = dice.chance(0.4);
    float shift = (float) dice.between(0, 512);
    Material linen =
        (u, v, t) -> {
          t.set(tint);
          if (striped) {
            t.mix(Tint.hex(0xF4F1EA), 0.7f * Noise.ramp(0.74f, 0.86f, Noise.wave(u / 17)));
          }
          float weave = Noise.wave(u * 0.5f) * Noise.wave(v * 0.5f);
          t.scale(0.9f + 0.12f * weave);
          t.height = 20 * Noise.cloud(u * 0.5f + shift, v * 0.5f) + weave * 0.5f;
        };
    stage.put(
        new Outline(dice, 56, 42, 0.05, 4).path(),
        Outline.place(x, y, angle),
        Surface.of(linen).rounded(5, 2).bumpy(0.8).lying(0.8));
  }
}
