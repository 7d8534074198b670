package dev.cortado.examples.drawings;

import java.awt.BasicStroke;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/** What comes with a steak. */
final class SideDish {
  private final Stage stage;
  private final Dice dice;
  private final Garnish garnish;

  SideDish(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
    garnish = new Garnish(stage, dice.fork(5));
  }

  void serve(double x, double y) {
    switch (dice.below(9)) {
      case 0, 1 -> fries(x, y);
      case 2 -> asparagus(x, y);
      case 3 -> potatoes(x, y);
      case 4 -> broccoli(x, y);
      case 5 -> mash(x, y);
      case 6 -> garnish.salad(x, y, 38);
      case 7 -> {
        for (int i = 0; i < 6; i++) {
          garnish.cherryTomato(
              x + dice.between(-28, 28), y + dice.between(-28, 28), dice.between(9, 13));
        }
      }
      default -> {
        garnish.any(x - 12, y - 12);
        garnish.any(x + 12, y + 12);
      }
    }
  }

  private void fries(double x, double y) {
    var gold = dice.near(Tint.hex(0xDDA743), 0.05);
    for (int i = dice.count(14, 22); i > 0; i--) {
      var tint = dice.near(gold, 0.06);
      double angle = dice.angle();
      stage.put(
          Outline.box(dice.between(30, 52), dice.between(6, 8), 1.5),
          Outline.place(x + dice.between(-26, 26), y + dice.between(-26, 26), angle),
          Surface.of(Material.patchy(tint, tint.times(0.8), 20, dice.between(0, 512)))
              .rounded(4, 2)
              .bumpy(0.8)
              .glossy(0.25)
              .tall(3, tint.times(0.7)));
    }
  }

  private void asparagus(double x, double y) {
    double angle = dice.angle();
    var green = dice.near(Tint.hex(0x6E8F3A), 0.06);
    for (int i = dice.count(5, 8); i > 0; i--) {
      double off = (i - 3.5) * 7.5 + dice.between(-3, 3);
      var place =
          Outline.place(
              x - off * StrictMath.sin(angle),
              y + off * StrictMath.cos(angle),
              angle + dice.between(-0.12, 0.12));
      var spear = Outline.smooth(-50, -3, 25, -3, 38, -5, 56, 0, 38, 5, 25, 3, -50, 3);
      var tint = dice.near(green, 0.05);
      stage.put(
          spear,
          place,
          Surface.of(Material.patchy(tint, tint.times(0.7), 16, dice.between(0, 512)))
              .rounded(5, 3)
              .bumpy(1)
              .glossy(0.4)
              .lying(1));
    }
  }

  private void potatoes(double x, double y) {
    for (int i = dice.count(5, 9); i > 0; i--) {
      var tint = dice.near(Tint.hex(0xD8AE5F), 0.06);
      stage.put(
          new Outline(dice, dice.between(14, 21), dice.between(10, 14), 0.1, 4).path(),
          Outline.place(x + dice.between(-30, 30), y + dice.between(-30, 30), dice.angle()),
          Surface.of(Material.patchy(tint, Tint.hex(0x96602C), 18, dice.between(0, 512)))
              .rounded(11, 6)
              .bumpy(1.6)
              .glossy(0.3)
              .lying(1));
    }
  }

  private void broccoli(double x, double y) {
    for (int i = dice.count(3, 5); i > 0; i--) {
      double cx = x + dice.between(-26, 26);
      double cy = y + dice.between(-26, 26);
      double angle = dice.angle();
      var stem = new BasicStroke(9, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
      stage.put(
          stem.createStrokedShape(new Line2D.Double(0, 0, 20, 0)),
          Outline.place(cx, cy, angle),
          Surface.of(dice.near(Tint.hex(0x9DB86A), 0.04)).rounded(8, 4).lying(0.9));
      var crown = new Path2D.Double();
      for (int k = 0; k < 9; k++) {
        crown.append(
            Outline.place(cx + dice.between(-12, 12), cy + dice.between(-12, 12), 0)
                .createTransformedShape(Outline.circle(dice.between(5, 8))),
            false);
      }
      crown.setWindingRule(Path2D.WIND_NON_ZERO);
      Material florets =
          (u, v, t) -> {
            float cell = Noise.cells(u * 3, v * 3);
            t.set(Tint.hex(0x3F6E2C));
            t.scale(1.15f - 0.6f * cell);
            t.height = 1 - cell;
          };
      stage.put(crown, Surface.of(florets).rounded(8, 6).bumpy(3).lying(1));
    }
  }

  private void mash(double x, double y) {
    var tint =
        dice.near(dice.pick(Tint.hex(0xE9DBAE), Tint.hex(0xD9B36B), Tint.hex(0xA9B85E)), 0.04);
    stage.put(
        new Outline(dice, 38, 32, 0.09, 6).path(),
        Outline.place(x, y, dice.angle()),
        Surface.of(tint).rounded(26, 13).bumpy(5).glossy(0.15).lying(1));
    garnish.scatter(x, y, 24, 20, 18, Tint.hex(0x4E7B36), 1.4);
  }
}
