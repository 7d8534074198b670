package dev.cortado.examples.drawings;

import java.awt.Shape;
import java.awt.geom.AffineTransform;

/** Sushi: nigiri, rolls and gunkan in rows, a grid or loose, with what belongs beside them. */
final class SushiPainter {
  private static final Tint NORI = Tint.hex(0x1E2A22);
  private static final Tint RICE = Tint.hex(0xF1ECE0);
  private static final Tint[] FILLINGS = {
    Tint.hex(0xE8814F), Tint.hex(0x8FB04C), Tint.hex(0xB5303A), Tint.hex(0xC9D58A),
    Tint.hex(0xE9C34A), Tint.hex(0xE7D9C8), Tint.hex(0xD9603B), Tint.hex(0x6E4A34)
  };

  private final Stage stage;
  private final Dice dice;
  private final Garnish garnish;

  SushiPainter(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
    garnish = new Garnish(stage, dice.fork(2));
  }

  void paint() {
    Tableware.serve(stage, dice.fork(3), dice.between(96, 112), dice.between(74, 104));
    double turn = dice.angle();
    var table = Outline.place(dice.between(-8, 8), dice.between(-8, 8), turn);
    beside(table);
    switch (dice.below(5)) {
      case 0 -> nigiriRow(table, 0, dice.between(0.95, 1.3));
      case 1 -> rollGrid(table, 0, dice.count(2, 3));
      case 2 -> {
        nigiriRow(table, -34, dice.between(0.85, 1));
        rollGrid(table, 46, 1);
      }
      case 3 -> {
        nigiriRow(table, -38, 0.86);
        nigiriRow(table, 40, 0.86);
      }
      default -> loose(table);
    }
    if (dice.chance(0.3)) {
      garnish.any(dice.between(-90, 90), dice.between(-60, 60));
    }
  }

  private void beside(AffineTransform table) {
    if (dice.chance(0.4)) {
      var at =
          Outline.within(table, dice.pick(-1, 1) * dice.between(84, 96), dice.between(-40, 40), 0);
      garnish.petals(
          at.getTranslateX(), at.getTranslateY(), dice.between(16, 24), Tint.hex(0xEFC9B4));
    }
    if (dice.chance(0.4)) {
      var at =
          Outline.within(table, dice.pick(-1, 1) * dice.between(84, 96), dice.between(-40, 40), 0);
      garnish.paste(at.getTranslateX(), at.getTranslateY(), dice.between(10, 15));
    }
    if (dice.chance(0.3)) {
      var at = Outline.within(table, dice.between(-70, 70), dice.pick(-1, 1) * 60, 0);
      garnish.salad(at.getTranslateX(), at.getTranslateY(), 26);
    }
  }

  private void nigiriRow(AffineTransform table, double y, double scale) {
    int count = scale > 0.9 ? dice.count(3, 4) : dice.count(4, 5);
    double step = 42 * scale * dice.between(1, 1.2);
    double slant = dice.between(-0.35, 0.35);
    boolean same = dice.chance(0.3);
    int kind = dice.below(Nigiri.values().length);
    for (int i = 0; i < count; i++) {
      var at =
          Outline.within(
              table,
              (i - (count - 1) / 2.0) * step,
              y + dice.between(-4, 4),
              1.57 + slant + dice.between(-0.07, 0.07));
      at.scale(scale, scale);
      if (dice.chance(0.14)) {
        gunkan(at);
      } else {
        nigiri(at, Nigiri.values()[same ? kind : dice.below(Nigiri.values().length)]);
      }
    }
  }

  private void rollGrid(AffineTransform table, double y, int rows) {
    int columns = rows == 1 ? dice.count(3, 5) : dice.count(3, 4);
    double radius =
        rows == 1 ? dice.between(17, 21) : rows == 2 ? dice.between(20, 26) : dice.between(17, 20);
    double step = radius * dice.between(2.1, 2.45);
    boolean inside = dice.chance(0.4);
    var recipe = recipe();
    for (int row = 0; row < rows; row++) {
      if (dice.chance(0.4)) {
        recipe = recipe();
        inside = dice.chance(0.4);
      }
      for (int i = 0; i < columns; i++) {
        var at =
            Outline.within(
                table,
                (i - (columns - 1) / 2.0) * step + dice.between(-2, 2),
                y + (row - (rows - 1) / 2.0) * step + dice.between(-2, 2),
                dice.angle());
        roll(at, radius, inside, recipe);
      }
    }
  }

  private void loose(AffineTransform table) {
    for (int i = 0; i < 8; i++) {
      double angle = i * 0.785 + dice.between(-0.15, 0.15);
      boolean middle = i == 7;
      double away = middle ? 0 : dice.between(60, 70);
      var at =
          Outline.within(
              table, away * StrictMath.cos(angle), away * StrictMath.sin(angle), dice.angle());
      at.scale(0.88, 0.88);
      double lot = dice.unit();
      if (lot < 0.5) {
        roll(at, dice.between(19, 23), dice.chance(0.4), recipe());
      } else if (lot < 0.8) {
        nigiri(at, Nigiri.values()[dice.below(Nigiri.values().length)]);
      } else {
        gunkan(at);
      }
    }
  }

  /** Grains: each cell is one, a little longer than wide, lying as it fell. */
  private Material rice(Tint tint) {
    float shift = (float) dice.between(0, 512);
    return (u, v, t) -> {
      float bend = Noise.cloud(u * 1.7f + shift, v * 1.7f);
      float cell = Noise.cells(u * 1.7f + shift + 9 * bend, v * 2.7f - 9 * bend);
      t.set(tint);
      t.scale(1.06f - 0.34f * Noise.ramp(0.35f, 0.85f, cell));
      t.height = 1 - cell;
      t.gloss = 1 - cell;
    };
  }

  private void nigiri(AffineTransform at, Nigiri kind) {
    var rice = dice.near(RICE, 0.03);
    stage.put(
        Outline.box(72, 33, 14),
        at,
        Surface.of(rice(rice)).rounded(12, 7).bumpy(3.2).glossy(0.15).tall(8, rice.times(0.85)));
    double table = stage.ground();
    stage.standAt(table + 9);
    double wide = dice.between(11.5, 14.5);
    double bow = dice.between(-4, 4);
    double longer = dice.between(34, 40);
    Shape slab =
        Outline.smooth(
            -longer,
            bow - wide * 0.7,
            -longer * 0.4,
            -wide + bow * 0.3,
            longer * 0.4,
            -wide,
            longer,
            bow * 0.6 - wide * 0.75,
            longer * 1.06,
            bow * 0.5,
            longer,
            bow * 0.6 + wide * 0.7,
            longer * 0.3,
            wide,
            -longer * 0.4,
            wide + bow * 0.3,
            -longer,
            bow + wide * 0.75);
    if (kind == Nigiri.EGG) {
      slab = Outline.box(longer * 2, wide * 1.9, 3);
    }
    stage.put(
        slab,
        at,
        Surface.of(fish(kind))
            .rounded(10, 5)
            .bumpy(1.5)
            .glossy(kind == Nigiri.EEL ? 0.7 : 0.45)
            .tall(2.5, kind.flesh().times(0.75)));
    if (kind == Nigiri.SHRIMP) {
      var tail = dice.near(Tint.hex(0xD9522E), 0.04);
      for (int side = -1; side <= 1; side += 2) {
        stage.put(
            Outline.smooth(0, -3, 12, -4, 17, 0, 12, 4, 0, 3),
            Outline.within(at, longer, side * 3, side * 0.45),
            Surface.of(tail).rounded(4, 2).glossy(0.4).lying(0.8));
      }
    }
    if (kind == Nigiri.EGG || dice.chance(0.08)) {
      stage.put(
          Outline.box(11, wide * 2 + 4, 1),
          Outline.within(at, dice.between(-4, 4), 0, 0),
          Surface.of(dice.near(NORI, 0.03)).bumpy(1).rounded(2, 1.2).glossy(0.15).lying(0.4));
    } else if (dice.chance(0.2)) {
      garnish.scatter(
          at.getTranslateX(),
          at.getTranslateY(),
          14,
          8,
          14,
          dice.pick(Tint.hex(0xEFE3C2), Tint.hex(0x3B2A22), Tint.hex(0x4E8A36)),
          1.3);
    }
    stage.standAt(table);
  }

  /** Flesh with the curved pale lines of fat that salmon and tuna show when cut aslant. */
  private Material fish(Nigiri kind) {
    var flesh = dice.near(kind.flesh(), 0.05);
    var line = kind.line();
    float shift = (float) dice.between(0, 512);
    float spacing = (float) dice.between(8, 12);
    float lean = (float) dice.between(-0.6, 0.6);
    float strength = kind.strength;
    return (u, v, t) -> {
      float cloud = Noise.cloud(u * 1.5f + shift, v * 1.5f);
      float stripe = Noise.wave((u + lean * v + 0.03f * v * v) / spacing + 0.5f * cloud);
      t.set(flesh);
      t.scale(0.86f + 0.28f * cloud);
      t.mix(line, strength * Noise.ramp(0.72f, 0.95f, stripe));
      t.height = 0.7f * cloud + 0.15f * stripe * strength;
    };
  }

  private Tint[] recipe() {
    var fillings = new Tint[dice.count(1, 3)];
    for (int i = 0; i < fillings.length; i++) {
      fillings[i] = dice.near(dice.pick(FILLINGS), 0.04);
    }
    return fillings;
  }

  private void roll(AffineTransform at, double radius, boolean inside, Tint[] fillings) {
    var nori = dice.near(NORI, 0.025);
    var rice = dice.near(RICE, 0.03);
    double height = radius * dice.between(0.8, 1.05);
    var outer = new Outline(dice, radius, radius * dice.between(0.93, 1), 0.02, 5);
    if (inside) {
      var coat = dice.pick(RICE, RICE, Tint.hex(0xE58A3C), Tint.hex(0xE9DDBE));
      stage.put(
          outer.path(),
          at,
          Surface.of(rice(dice.near(coat, 0.03)))
              .rounded(7, 4)
              .bumpy(3)
              .glossy(0.2)
              .tall(height, coat.times(0.88)));
    } else {
      stage.put(
          outer.path(),
          at,
          Surface.of(nori).rounded(4, 2).bumpy(0.6).glossy(0.25).tall(height, nori));
    }
    double table = stage.ground();
    stage.standAt(table + height);
    if (inside) {
      stage.put(outer.path(0.62), at, Surface.of(nori));
      stage.put(outer.path(0.5), at, Surface.of(rice(rice)).bumpy(2));
    } else {
      stage.put(
          outer.path(0.87), at, Surface.of(rice(rice)).rounded(4, 1.5).bumpy(2.6).glossy(0.15));
    }
    fill(at, radius * (inside ? 0.42 : 0.46), fillings);
    if (dice.chance(inside ? 0.35 : 0.12)) {
      roe(at, radius * 0.5, dice.count(8, 16));
    }
    stage.standAt(table);
  }

  private void fill(AffineTransform at, double radius, Tint[] fillings) {
    for (int i = 0; i < fillings.length; i++) {
      double angle = i * 6.283 / fillings.length;
      double away = fillings.length == 1 ? 0 : radius * 0.52;
      double size = fillings.length == 1 ? radius : radius * 0.62;
      var outline =
          dice.chance(0.5)
              ? Outline.box(size * 1.8, size * 1.6, size * 0.3)
              : new Outline(dice, size, size * 0.9, 0.1, 4).path();
      var place =
          Outline.within(
              at,
              away * StrictMath.cos(angle),
              away * StrictMath.sin(angle),
              angle + dice.between(-0.3, 0.3));
      var tint = fillings[i];
      stage.put(
          outline,
          place,
          Surface.of(
                  Material.fibrous(
                      tint, tint.towards(Tint.hex(0xFFF0E0), 0.35), 5, 3, dice.between(0, 512)))
              .rounded(3, 1.3)
              .bumpy(0.8)
              .glossy(0.35));
    }
  }

  /** A boat of rice in a wall of nori, heaped with roe or a spread. */
  private void gunkan(AffineTransform at) {
    var nori = dice.near(NORI, 0.025);
    stage.put(Outline.oval(33, 20), at, Surface.of(nori).rounded(4, 2).glossy(0.25).tall(17, nori));
    double table = stage.ground();
    stage.standAt(table + 17);
    if (dice.chance(0.65)) {
      stage.put(Outline.oval(28, 15.5), at, Surface.of(Tint.hex(0xC9501E)).rounded(10, 4));
      var place = new AffineTransform(at);
      place.scale(1.55, 0.85);
      roe(place, 17, dice.count(30, 42));
    } else {
      var tint =
          dice.near(dice.pick(Tint.hex(0xD99A33), Tint.hex(0xE3C9B2), Tint.hex(0xC2604A)), 0.04);
      stage.put(
          Outline.oval(28, 15.5), at, Surface.of(tint).rounded(12, 6).bumpy(3.4).glossy(0.35));
    }
    stage.standAt(table);
  }

  private void roe(AffineTransform at, double reach, int count) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0xE8642A), Tint.hex(0xE8642A), Tint.hex(0xC22B22), Tint.hex(0x2A2A2E)),
            0.04);
    for (int i = 0; i < count; i++) {
      double angle = dice.angle();
      double away = reach * StrictMath.sqrt(dice.unit());
      var place = Outline.within(at, away * StrictMath.cos(angle), away * StrictMath.sin(angle), 0);
      double size = dice.between(2.4, 3.6);
      stage.put(
          Outline.circle(size),
          Outline.place(place.getTranslateX(), place.getTranslateY(), 0),
          Surface.of(tint).rounded(size, size).glossy(1).lying(0.5));
    }
  }

  private enum Nigiri {
    SALMON(0xEC8150, 0xF9CBA6, 0.85f),
    TUNA(0xA92B33, 0xC9585A, 0.4f),
    WHITE_FISH(0xEBD9CF, 0xE0A9A0, 0.5f),
    SHRIMP(0xF3C9AE, 0xDD6A3E, 0.9f),
    EGG(0xEBC24C, 0xD9A536, 0.3f),
    EEL(0x6B3A1E, 0x3C2013, 0.7f),
    MACKEREL(0xC9B2B0, 0x6E7F94, 0.8f);

    private final int flesh;
    private final int line;
    final float strength;

    Nigiri(int flesh, int line, float strength) {
      this.flesh = flesh;
      this.line = line;
      this.strength = strength;
    }

    Tint flesh() {
      return Tint.hex(flesh);
    }

    Tint line() {
      return Tint.hex(line);
    }
  }
}
