package dev.cortado.examples.drawings;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/**
 * Small edible things. Most of them may lie on or beside any of the three foods, so that neither
 * their colours nor their shapes give a class away.
 */
final class Garnish {
  static final Tint LEAF = Tint.hex(0x3F7D2C);
  private static final Tint BLACK_OLIVE = Tint.hex(0x2B2430);
  private static final Tint TOMATO = Tint.hex(0xC8321E);

  private final Stage stage;
  private final Dice dice;

  Garnish(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
  }

  /** Something small that goes with everything. */
  void any(double x, double y) {
    switch (dice.below(11)) {
      case 0 -> basil(x, y, dice.between(13, 21));
      case 1 -> {
        for (int i = dice.count(2, 4); i > 0; i--) {
          oliveRing(x + dice.between(-14, 14), y + dice.between(-14, 14), dice.between(6, 8));
        }
      }
      case 2, 3 -> {
        for (int i = dice.count(1, 3); i > 0; i--) {
          cherryTomato(x + dice.between(-15, 15), y + dice.between(-15, 15), dice.between(9, 13));
        }
      }
      case 4 -> lemon(x, y, dice.between(15, 21));
      case 5 -> salad(x, y, dice.between(20, 32));
      case 6 -> tomatoSlice(x, y, dice.between(13, 19));
      case 7 -> mushroom(x, y, dice.between(12, 16));
      case 8 -> onionRing(x, y, dice.between(11, 17));
      case 9 -> cucumber(x, y, dice.between(11, 15));
      default -> paste(x, y, dice.between(10, 16));
    }
  }

  void basil(double x, double y, double size) {
    var tint = dice.near(LEAF, 0.07);
    for (int i = dice.count(1, 2); i >= 0; i--) {
      leaf(x, y, size * dice.between(0.7, 1), dice.angle(), dice.near(tint, 0.04));
    }
  }

  /** One leaf with a vein, its stalk at (x, y). */
  void leaf(double x, double y, double size, double angle, Tint tint) {
    double wide = size * dice.between(0.26, 0.38);
    var blade =
        Outline.smooth(
            0,
            0,
            size * 0.3,
            -wide,
            size * 0.75,
            -wide * 0.8,
            size * 1.05,
            0,
            size * 0.75,
            wide * 0.8,
            size * 0.3,
            wide);
    var place = Outline.place(x, y, angle);
    float half = (float) wide;
    float veins = (float) (6 / size);
    var pale = tint.towards(Tint.hex(0xC5D98A), 0.35);
    Material material =
        (u, v, t) -> {
          float off = Math.abs(v) / half;
          t.set(tint);
          t.scale(0.85f + 0.25f * Noise.wave((u - Math.abs(v)) * veins));
          t.mix(pale, 0.8f * (1 - Noise.ramp(0.03f, 0.16f, off)));
          t.height = off * 2 + 0.5f * Noise.wave((u - Math.abs(v)) * veins);
        };
    stage.put(blade, place, Surface.of(material).rounded(3, 1.4).bumpy(1).glossy(0.22).lying(0.8));
  }

  void oliveRing(double x, double y, double size) {
    var tint = dice.near(dice.chance(0.65) ? BLACK_OLIVE : Tint.hex(0x7C7F32), 0.05);
    double hole = size * dice.between(0.35, 0.5);
    var ring = new Area(Outline.oval(size, size * dice.between(0.8, 1)));
    ring.subtract(new Area(Outline.circle(hole)));
    stage.put(
        ring,
        Outline.place(x, y, dice.angle()),
        Surface.of(tint).rounded(3, 2.6).glossy(0.7).lying(0.9));
  }

  void cherryTomato(double x, double y, double size) {
    var tint = dice.near(dice.chance(0.8) ? TOMATO : Tint.hex(0xE0912B), 0.05);
    stage.put(
        Outline.oval(size, size * dice.between(0.85, 1)),
        Outline.place(x, y, dice.angle()),
        Surface.of(Material.patchy(tint, tint.times(0.85), 20, dice.between(0, 512)))
            .rounded(size * 0.95, size * 0.8)
            .glossy(0.9)
            .lying(1));
    if (dice.chance(0.4)) {
      for (int i = 0; i < 5; i++) {
        leaf(x, y, size * 0.55, dice.angle(), dice.near(LEAF, 0.05));
      }
    }
  }

  void tomatoSlice(double x, double y, double size) {
    var flesh = dice.near(Tint.hex(0xD2462F), 0.05);
    var seeds = Tint.hex(0xE39A55);
    float across = (float) (1 / size);
    int chambers = dice.count(3, 5);
    float turn = (float) dice.unit();
    Material material =
        (u, v, t) -> {
          float r = (float) Math.sqrt(u * u + v * v) * across;
          float spoke = Noise.wave(Noise.turn(u, v) * chambers + turn);
          t.set(flesh);
          float chamber =
              Noise.ramp(0.3f, 0.42f, r)
                  * (1 - Noise.ramp(0.72f, 0.8f, r))
                  * Noise.ramp(0.25f, 0.45f, spoke);
          t.mix(seeds, 0.75f * chamber);
          t.mix(flesh.times(0.7), Noise.ramp(0.9f, 0.97f, r));
          t.height = -chamber + Noise.cloud(u * 4, v * 4) * 0.5f;
        };
    stage.put(
        new Outline(dice, size, size, 0.03, 5).path(),
        Outline.place(x, y, 0),
        Surface.of(material).rounded(2, 1.2).bumpy(1.2).glossy(0.5).lying(0.9));
  }

  void lemon(double x, double y, double size) {
    var skin = dice.near(dice.chance(0.75) ? Tint.hex(0xE9C53A) : Tint.hex(0x9DBB4B), 0.05);
    var flesh = skin.towards(Tint.hex(0xFFF6CC), 0.45);
    float across = (float) (1 / size);
    float turn = (float) dice.unit();
    Material material =
        (u, v, t) -> {
          float r = (float) Math.sqrt(u * u + v * v) * across;
          float spoke = Noise.wave(Noise.turn(u, v) * 9 + turn);
          t.set(flesh);
          t.scale(0.9f + 0.2f * Noise.cloud(u * 5, v * 5));
          t.mix(
              Tint.hex(0xFBF3D8),
              Math.max(1 - Noise.ramp(0.1f, 0.35f, spoke), Noise.ramp(0.78f, 0.84f, r)));
          t.mix(skin, Noise.ramp(0.88f, 0.93f, r));
        };
    Shape outline = Outline.circle(size);
    if (dice.chance(0.5)) {
      var half = new Area(outline);
      half.intersect(new Area(new java.awt.geom.Rectangle2D.Double(-size, 0, 2 * size, size)));
      outline = half;
    }
    stage.put(
        outline,
        Outline.place(x, y, dice.angle()),
        Surface.of(material).rounded(2, 1).bumpy(0.5).glossy(0.45).tall(3, skin));
  }

  void cucumber(double x, double y, double size) {
    var skin = dice.near(Tint.hex(0x3D6B2E), 0.05);
    var flesh = dice.near(Tint.hex(0xCFE0A0), 0.04);
    float across = (float) (1 / size);
    Material material =
        (u, v, t) -> {
          float r = (float) Math.sqrt(u * u + v * v) * across;
          t.set(flesh);
          t.mix(
              Tint.hex(0xE9EFCB),
              Noise.ramp(0.3f, 0.6f, Noise.wave(Noise.turn(u, v) * 3))
                  * (1 - Noise.ramp(0.4f, 0.6f, r)));
          t.mix(skin, Noise.ramp(0.86f, 0.92f, r));
          t.height = r < 0.55f && Noise.cells(u * 2, v * 2) < 0.3f ? 0.7f : 0;
        };
    for (int i = dice.count(0, 2); i >= 0; i--) {
      stage.put(
          Outline.circle(size),
          Outline.place(x + i * size * 0.7, y + i * size * 0.25, 0),
          Surface.of(material).rounded(2, 1).bumpy(1).glossy(0.35).tall(2, skin));
    }
  }

  void mushroom(double x, double y, double size) {
    var tint = dice.near(Tint.hex(0xD9C3A0), 0.06);
    var cap =
        Outline.smooth(
            -1, 0.1, -0.9, -0.5, -0.4, -0.85, 0.4, -0.85, 0.9, -0.5, 1, 0.1, 0.45, 0.2, 0.26, 0.9,
            -0.26, 0.9, -0.45, 0.2);
    cap.transform(AffineTransform.getScaleInstance(size, size));
    float across = (float) (1 / size);
    var gills = Tint.hex(0x7B5A40);
    Material material =
        (u, v, t) -> {
          t.set(tint);
          t.scale(0.9f + 0.2f * Noise.cloud(u * 3, v * 3));
          float y0 = v * across;
          t.mix(
              gills,
              0.8f
                  * (1 - Noise.ramp(0.05f, 0.16f, Math.abs(y0 + 0.08f)))
                  * (1 - Noise.ramp(0.5f, 0.8f, Math.abs(u * across))));
          t.height = Noise.cloud(u * 2, v * 2);
        };
    stage.put(
        cap,
        Outline.place(x, y, dice.angle()),
        Surface.of(material).rounded(3, 1.8).bumpy(1).glossy(0.12).lying(0.9));
  }

  void onionRing(double x, double y, double size) {
    var tint = dice.near(dice.chance(0.6) ? Tint.hex(0xB98AA8) : Tint.hex(0xE8E0CC), 0.05);
    for (double scale = 1; scale > 0.5; scale -= 0.27) {
      var ring =
          new BasicStroke((float) (size * 0.13))
              .createStrokedShape(Outline.oval(size * scale, size * scale * 0.85));
      stage.put(
          ring,
          Outline.place(x, y, dice.angle()),
          Surface.of(tint).rounded(1.6, 1).glossy(0.4).lying(0.6));
    }
  }

  void pepper(double x, double y, double size) {
    var tint =
        dice.near(dice.pick(Tint.hex(0xB92B1F), Tint.hex(0x4E8B2F), Tint.hex(0xE0A92A)), 0.05);
    var bow = new Path2D.Double();
    bow.moveTo(-size, 0);
    bow.curveTo(
        -size * 0.5,
        -size * dice.between(0.4, 1),
        size * 0.5,
        -size * dice.between(0.4, 1),
        size,
        0);
    var strip =
        new BasicStroke((float) (size * 0.3), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
            .createStrokedShape(bow);
    stage.put(
        strip,
        Outline.place(x, y, dice.angle()),
        Surface.of(tint).rounded(3, 2).glossy(0.55).lying(0.8));
  }

  /** A dab of something green or pale: wasabi, pesto, mash, guacamole. */
  void paste(double x, double y, double size) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0x9DB45C), Tint.hex(0x7FA04A), Tint.hex(0xE2D9B0), Tint.hex(0x556B2A)),
            0.05);
    stage.put(
        new Outline(dice, size, size * 0.85, 0.09, 5).path(),
        Outline.place(x, y, dice.angle()),
        Surface.of(tint).rounded(size * 0.8, size * 0.55).bumpy(2.4).glossy(0.12).lying(1));
  }

  /** Thin folded petals: ginger, ham or radish. */
  void petals(double x, double y, double size, Tint tint) {
    for (int i = dice.count(4, 7); i > 0; i--) {
      double angle = dice.angle();
      double away = dice.between(0, size * 0.5);
      var petal = new Outline(dice, size * 0.62, size * 0.4, 0.14, 5);
      var place =
          Outline.place(
              x + away * StrictMath.cos(angle), y + away * StrictMath.sin(angle), dice.angle());
      var shade = dice.near(tint, 0.05);
      stage.put(
          petal.path(),
          place,
          Surface.of(Material.fibrous(shade, shade.times(0.86), 6, 3, dice.between(0, 512)))
              .rounded(5, 2.6)
              .bumpy(2.2)
              .glossy(0.4)
              .lying(0.7));
    }
  }

  void salad(double x, double y, double size) {
    for (int i = dice.count(4, 7); i > 0; i--) {
      var tint =
          dice.near(
              dice.pick(
                  Tint.hex(0x5C9A3A), Tint.hex(0x86B04C), Tint.hex(0x2F5F2A), Tint.hex(0x6E3040)),
              0.06);
      var blade =
          new Outline(
              dice, size * dice.between(0.4, 0.7), size * dice.between(0.25, 0.45), 0.22, 9);
      stage.put(
          blade.path(),
          Outline.place(
              x + dice.between(-0.5, 0.5) * size, y + dice.between(-0.5, 0.5) * size, dice.angle()),
          Surface.of(
                  Material.fibrous(
                      tint, tint.towards(Tint.hex(0xD6E6A8), 0.4), 5, 4, dice.between(0, 512)))
              .rounded(4, 2)
              .bumpy(3)
              .glossy(0.2)
              .lying(0.9));
    }
  }

  void rosemary(double x, double y, double size, double angle) {
    var stem = dice.near(Tint.hex(0x6B5A3A), 0.05);
    var place = Outline.place(x, y, angle);
    var needles = new Path2D.Double();
    for (double s = -size; s < size; s += 3.4) {
      double long0 = dice.between(8, 12) * (1 - 0.4 * (s + size) / (2 * size));
      for (int side = -1; side <= 1; side += 2) {
        double tip = side * long0 * dice.between(0.4, 0.8);
        needles.append(
            new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                .createStrokedShape(new Line2D.Double(s, 0, s + long0 * 0.75, tip)),
            false);
      }
    }
    var twig = new BasicStroke(2).createStrokedShape(new Line2D.Double(-size * 1.2, 0, size, 0));
    stage.put(twig, place, Surface.of(stem).rounded(2, 1).lying(0.8));
    stage.put(
        needles,
        place,
        Surface.of(dice.near(Tint.hex(0x4B6B3F), 0.06)).rounded(1.6, 1.2).lying(0.8));
  }

  /** Grains of pepper, seeds or herbs, scattered within an ellipse. */
  void scatter(double x, double y, double rx, double ry, int count, Tint tint, double size) {
    var grains = new Path2D.Double();
    for (int i = 0; i < count; i++) {
      double angle = dice.angle();
      double away = StrictMath.sqrt(dice.unit());
      double grain = size * dice.between(0.5, 1.1);
      var place =
          Outline.place(
              x + rx * away * StrictMath.cos(angle),
              y + ry * away * StrictMath.sin(angle),
              dice.angle());
      grains.append(place.createTransformedShape(Outline.oval(grain, grain * 0.7)), false);
    }
    stage.put(grains, Surface.of(tint).rounded(1, 0.6).lying(0.5));
  }
}
