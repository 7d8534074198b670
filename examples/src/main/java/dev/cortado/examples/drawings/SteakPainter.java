package dev.cortado.examples.drawings;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/** Steak: ribeye, strip, fillet or T-bone, whole or carved, with something beside it. */
final class SteakPainter {
  private static final Tint[] DONENESS = {
    Tint.hex(0xA92F35), Tint.hex(0xC24A48), Tint.hex(0xC96F63), Tint.hex(0xA9786A)
  };

  private final Stage stage;
  private final Dice dice;
  private final Garnish garnish;
  private final SideDish sides;
  private final Tint seared;
  private final Tint fat;

  SteakPainter(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
    garnish = new Garnish(stage, dice.fork(2));
    sides = new SideDish(stage, dice.fork(4));
    seared =
        dice.near(
            dice.pick(
                Tint.hex(0x6B3C26), Tint.hex(0x57301F), Tint.hex(0x7F4A30), Tint.hex(0x8A4B3A)),
            0.05);
    fat = dice.near(dice.pick(Tint.hex(0xD9B07C), Tint.hex(0xC7935A), Tint.hex(0xE5CBA2)), 0.05);
  }

  void paint() {
    double kind = dice.unit();
    double reach = dice.between(98, 116);
    Tableware.serve(stage, dice.fork(3), reach, reach * dice.between(0.72, 1));
    boolean beside = dice.chance(0.75);
    double side = dice.angle();
    double shift = beside ? dice.between(10, 24) : 0;
    double x = -shift * StrictMath.cos(side);
    double y = -shift * StrictMath.sin(side);
    if (beside) {
      sides.serve(x + 78 * StrictMath.cos(side), y + 78 * StrictMath.sin(side));
    }
    double scale = beside ? dice.between(0.82, 0.98) : dice.between(0.95, 1.15);
    var place = Outline.place(x, y, side + 1.57 + dice.between(-0.35, 0.35));
    place.scale(scale, scale);
    if (dice.chance(0.25)) {
      juice(place);
    }
    if (kind < 0.3) {
      carved(place);
    } else {
      whole(place, kind);
    }
    finish(x, y);
  }

  private void juice(AffineTransform place) {
    var tint =
        dice.near(dice.pick(Tint.hex(0x5B2418), Tint.hex(0x4A2A16), Tint.hex(0x6E3A1C)), 0.04);
    stage.put(
        new Outline(dice, 78, 58, 0.14, 7).path(),
        place,
        Surface.of(tint).rounded(5, 1).glossy(0.6).clear(0.6));
  }

  private void whole(AffineTransform place, double kind) {
    if (kind < 0.48) {
      bone(place);
    } else if (kind < 0.6) {
      int count = dice.count(1, 2);
      for (int i = 0; i < count; i++) {
        double size = count == 1 ? dice.between(56, 66) : dice.between(40, 48);
        var at =
            Outline.within(place, count == 1 ? 0 : 92 * i - 46, dice.between(-8, 8), dice.angle());
        piece(
            new Outline(dice, size, size * dice.between(0.82, 0.95), 0.06, 6),
            at,
            0.03,
            dice.between(14, 22));
      }
    } else {
      boolean strip = dice.chance(0.4);
      double longer = strip ? dice.between(88, 100) : dice.between(76, 92);
      double shorter = strip ? dice.between(34, 44) : dice.between(50, 64);
      piece(
          new Outline(dice, longer, shorter, dice.between(0.1, 0.17), 5),
          place,
          dice.between(0.05, 0.13),
          dice.between(6, 13));
    }
  }

  /** One piece of meat with a rim of fat, widest on one side. */
  private void piece(Outline outline, AffineTransform place, double rim, double height) {
    stage.put(
        outline.path(),
        place,
        Surface.of(Material.patchy(fat, seared, 26, dice.between(0, 512)))
            .rounded(14, 7)
            .bumpy(2.5)
            .glossy(0.4)
            .tall(height, seared.times(0.72)));
    double table = stage.ground();
    stage.standAt(table + height);
    var inner = Outline.within(place, 0, dice.between(-1, 1) * rim * 46, 0);
    meat(outline.path(1 - rim), inner);
    stage.standAt(table);
  }

  private void meat(Shape shape, AffineTransform place) {
    stage.put(
        shape,
        place,
        Surface.of(sear())
            .rounded(dice.between(8, 20), dice.between(2, 5))
            .bumpy(dice.between(2.2, 3.6))
            .glossy(dice.between(0.15, 0.6)));
  }

  /** The fried surface: fibres, marbling, char, and the bars of the grill. */
  private Material sear() {
    float shift = (float) dice.between(0, 512);
    float turn = (float) dice.between(-1, 1);
    float marbled = (float) dice.between(0.5, 0.8);
    boolean grilled = dice.chance(0.6);
    boolean crossed = dice.chance(0.4);
    float spacing = (float) dice.between(13, 24);
    float bar = (float) dice.between(0.55, 0.8);
    float slant = (float) dice.between(-1.2, 1.2);
    var pale = seared.towards(Tint.hex(0xC08A63), dice.between(0.3, 0.7));
    var char0 = seared.times(0.3);
    return (u, v, t) -> {
      float fibre = Noise.cloud((u + turn * v) * 0.8f + shift, (v - turn * u) * 3.2f);
      float cloud = Noise.cloud(u * 1.3f - shift, v * 1.3f + shift);
      float grain = Noise.cloud(u * 6, v * 6 + shift);
      t.set(seared);
      t.mix(pale, Noise.ramp(0.35f, 0.75f, cloud));
      t.mix(fat, 0.6f * Noise.ramp(marbled, marbled + 0.12f, fibre));
      t.scale(0.8f + 0.4f * grain);
      t.mix(char0, 0.8f * Noise.ramp(0.62f, 0.85f, 1 - cloud + 0.2f * grain));
      t.height = 0.7f * fibre + 0.5f * grain + 0.5f * cloud;
      if (grilled) {
        float mark = Noise.wave((u * slant + v) / spacing + 0.06f * cloud);
        if (crossed) {
          mark = Math.max(mark, Noise.wave((u - v * slant) / spacing + 0.06f * fibre));
        }
        mark = Noise.ramp(bar, bar + 0.15f, mark) * Noise.ramp(0.1f, 0.4f, grain + 0.5f * cloud);
        t.mix(char0, 0.85f * mark);
        t.height -= 0.8f * mark;
      }
    };
  }

  /** A T-bone or a rib. */
  private void bone(AffineTransform place) {
    boolean tee = dice.chance(0.6);
    double height = dice.between(6, 12);
    var outline = new Outline(dice, tee ? 84 : 66, tee ? 66 : 54, dice.between(0.1, 0.15), 5);
    var ivory = dice.near(Tint.hex(0xE4D3B4), 0.04);
    var spine = new Path2D.Double();
    if (!tee) {
      var rib = new BasicStroke(15, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
      stage.put(
          rib.createStrokedShape(new Line2D.Double(30, -30, 124, -dice.between(30, 62))),
          place,
          Surface.of(Material.patchy(ivory, ivory.times(0.7), 18, dice.between(0, 512)))
              .rounded(13, 7)
              .bumpy(1.5)
              .glossy(0.3)
              .tall(7, ivory.times(0.7)));
    }
    piece(outline, place, 0.07, height);
    if (tee) {
      double lean = dice.between(-14, 14);
      spine.moveTo(-46, -52);
      spine.quadTo(0, -40, 46, -54);
      spine.moveTo(0, -46);
      spine.quadTo(lean, -10, lean * 1.4, 40);
      var stroke = new BasicStroke(11, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
      double table = stage.ground();
      stage.standAt(table + height);
      stage.put(
          stroke.createStrokedShape(spine),
          place,
          Surface.of(Material.patchy(ivory, Tint.hex(0xA9785A), 14, dice.between(0, 512)))
              .rounded(7, 3)
              .bumpy(1.6)
              .glossy(0.3)
              .lying(0.7));
      stage.standAt(table);
    }
  }

  /** Slices fanned out, their cut faces pink. */
  private void carved(AffineTransform place) {
    int count = dice.count(4, 7);
    double thick = dice.between(15, 22);
    double longer = dice.between(42, 58);
    double lean = dice.between(-0.35, 0.35);
    double from = -thick * (count - 1) / 2;
    if (dice.chance(0.5)) {
      from = -thick * count / 2 - 14;
      var rest = new Outline(dice, 40, longer, 0.09, 4);
      piece(
          rest, Outline.within(place, from + thick * count + 30, 0, 0), 0.06, dice.between(8, 14));
    }
    var pink = dice.near(dice.pick(DONENESS), 0.05);
    for (int i = 0; i < count; i++) {
      double x = from + i * thick;
      double size =
          longer * (1 - 0.12 * Math.abs(i - count / 2.0) / count) * dice.between(0.94, 1.06);
      double half = thick * dice.between(0.62, 0.74);
      var at = Outline.within(place, x, dice.between(-4, 4), lean + dice.between(-0.1, 0.1));
      stage.put(
          slab(half, size),
          at,
          Surface.of(cutFace(pink, half, size))
              .rounded(5, 2.6)
              .bumpy(1.8)
              .glossy(0.5)
              .tall(dice.between(4, 8), seared.times(0.7)));
    }
  }

  /** The outline of a slice: straight sides, uneven ends. */
  private Shape slab(double rx, double ry) {
    var points = new double[24];
    for (int i = 0; i < 12; i++) {
      double side = i < 6 ? 1 : -1;
      double along = (i % 6 - 2.5) / 2.5 * side;
      boolean end = i % 6 == 0 || i % 6 == 5;
      points[2 * i] = side * rx * (end ? dice.between(0.45, 0.8) : dice.between(0.92, 1.08));
      points[2 * i + 1] = along * ry;
    }
    return Outline.smooth(points);
  }

  private Material cutFace(Tint pink, double rx, double ry) {
    float across = (float) (1 / rx);
    float down = (float) (1 / ry);
    float shift = (float) dice.between(0, 512);
    var grey = Tint.hex(0x9A6F58);
    var brown = seared.times(0.75);
    return (u, v, t) -> {
      float fibre = Noise.cloud(u * 2.6f + shift, v * 0.9f + shift);
      float edge =
          Math.max(Math.abs(u) * across * 0.93f, Math.abs(v) * down) + 0.22f * (fibre - 0.5f);
      t.set(pink);
      t.scale(0.8f + 0.4f * fibre);
      t.mix(grey, Noise.ramp(0.5f, 0.8f, edge));
      t.mix(brown, Noise.ramp(0.74f, 0.88f, edge));
      t.height = fibre;
    };
  }

  /** Butter, herbs, pepper, sauce: what is put on the meat last. */
  private void finish(double x, double y) {
    double lot = dice.unit();
    stage.standAt(stage.ground() + 8);
    if (lot < 0.22) {
      var butter = dice.near(Tint.hex(0xF0D77E), 0.04);
      stage.put(
          Outline.smooth(-22, -15, 4, -20, 24, -8, 20, 14, -6, 18, -24, 8),
          Outline.place(x, y, dice.angle()),
          Surface.of(butter).rounded(8, 1.5).glossy(0.7).clear(0.55));
      stage.put(
          Outline.box(20, 17, 4),
          Outline.place(x + dice.between(-5, 5), y + dice.between(-5, 5), dice.angle()),
          Surface.of(butter).rounded(5, 3).glossy(0.5).tall(4, butter.times(0.85)));
    } else if (lot < 0.5) {
      garnish.rosemary(
          x + dice.between(-20, 20), y + dice.between(-20, 20), dice.between(22, 34), dice.angle());
    } else if (lot < 0.62) {
      sauce(x, y);
    } else if (lot < 0.78) {
      garnish.any(x + dice.between(-18, 18), y + dice.between(-18, 18));
    }
    if (dice.chance(0.5)) {
      var grain = dice.pick(Tint.hex(0x1F1A18), Tint.hex(0xEFE9E0), Tint.hex(0x4A6B2F));
      garnish.scatter(x, y, 48, 40, dice.count(25, 70), grain, 1.3);
    }
    stage.standAt(0);
  }

  private void sauce(double x, double y) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0x5E3A1E), Tint.hex(0x8A6A3C), Tint.hex(0x5F7A2A), Tint.hex(0xD9C79A)),
            0.05);
    var puddle = new Outline(dice, dice.between(22, 34), dice.between(14, 24), 0.16, 6).path();
    stage.put(
        puddle,
        Outline.place(x, y, dice.angle()),
        Surface.of(Material.patchy(tint, tint.times(0.7), 9, dice.between(0, 512)))
            .rounded(6, 2)
            .bumpy(0.9)
            .glossy(0.6)
            .lying(0.5));
  }
}
