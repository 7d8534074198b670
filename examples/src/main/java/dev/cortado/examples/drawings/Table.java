package dev.cortado.examples.drawings;

/** What everything stands on. */
final class Table {
  private static final Tint[] WOODS = {
    Tint.hex(0xB98752), Tint.hex(0x8A5A34), Tint.hex(0x5A3A26), Tint.hex(0xC9A57A),
    Tint.hex(0x8F8577), Tint.hex(0x3B2C24), Tint.hex(0xD8CDBB), Tint.hex(0x9C5B3A)
  };
  private static final Tint[] CLOTHS = {
    Tint.hex(0xE9E4DA), Tint.hex(0xB63A35), Tint.hex(0x3D5A80), Tint.hex(0x6B8F71),
    Tint.hex(0xD9B44A), Tint.hex(0x8C8C94), Tint.hex(0x2E3440), Tint.hex(0xC98B7B)
  };

  private Table() {}

  static void lay(Stage stage, Dice dice) {
    var surface =
        switch (dice.below(9)) {
          case 0, 1, 2 -> Surface.of(planks(dice)).bumpy(1.6).glossy(dice.between(0, 0.15));
          case 3 -> Surface.of(marble(dice)).glossy(dice.between(0.05, 0.25));
          case 4, 5 -> Surface.of(cloth(dice)).bumpy(1.1);
          case 6 -> Surface.of(stone(dice)).bumpy(dice.between(1, 3)).glossy(0.06);
          case 7 -> Surface.of(tiles(dice)).bumpy(2.2).glossy(0.2);
          default -> Surface.of(laminate(dice)).bumpy(0.3).glossy(dice.between(0, 0.2));
        };
    stage.cover(surface);
  }

  static Tint wood(Dice dice) {
    return dice.near(dice.pick(WOODS), 0.08);
  }

  /** The grain of one board: u runs along it. */
  static Material grain(Dice dice, Tint tint) {
    float shift = (float) dice.between(0, 512);
    float fine = (float) dice.between(1.6, 3.2);
    float rings = (float) dice.between(0.05, 0.14);
    var dark = tint.times(0.58);
    return (u, v, t) -> {
      float warp = Noise.cloud(u * 0.22f + shift, v * 0.7f + shift);
      float fibre = Noise.cloud(u * 0.35f + shift, v * fine * 3 + shift);
      float ring = Noise.wave(v * rings + warp * 2.6f);
      t.set(tint);
      t.mix(dark, 0.55f * ring * ring + 0.5f * Noise.ramp(0.5f, 0.9f, fibre));
      t.height = -0.5f * fibre - 0.3f * ring;
    };
  }

  private static Material planks(Dice dice) {
    var tint = wood(dice);
    var board = grain(dice, tint);
    float wide = (float) dice.between(38, 95);
    float gap = (float) dice.between(0.6, 1.6);
    float shift = (float) dice.between(0, 300);
    boolean turned = dice.chance(0.5);
    float even = (float) dice.between(0.7, 0.95);
    return (u, v, t) -> {
      float along = turned ? v : u;
      float across = (turned ? u : v) + shift;
      int plank = Noise.floor(across / wide);
      float inside = across - plank * wide;
      float lot = Noise.cellValue(plank * 97f, plank * 61f);
      board.at(along + plank * 173, across, t);
      t.scale(even + (1.25f - even) * lot);
      float edge = Math.min(inside, wide - inside);
      if (edge < gap) {
        t.scale(0.25f + 0.4f * edge / gap);
        t.height -= 2;
      }
    };
  }

  private static Material marble(Dice dice) {
    var ground =
        dice.near(dice.pick(Tint.hex(0xECE9E4), Tint.hex(0x3A3C40), Tint.hex(0xC9C3B8)), 0.04);
    var vein =
        dice.near(dice.pick(Tint.hex(0x8D8F94), Tint.hex(0xB0A48E), Tint.hex(0x66707A)), 0.05);
    float shift = (float) dice.between(0, 512);
    float thin = (float) dice.between(0.02, 0.06);
    return (u, v, t) -> {
      float fold = Noise.cloud(u * 0.55f + shift, v * 0.55f - shift);
      float bend = Noise.cloud(u * 0.2f + 9 * fold, v * 0.3f + 30 * fold + shift);
      t.set(ground);
      t.mix(vein, 0.8f * (1 - Noise.ramp(0, thin * 2, Math.abs(bend - 0.5f))));
      t.mix(vein, 0.35f * fold);
    };
  }

  private static Material cloth(Dice dice) {
    var ground = dice.near(dice.pick(CLOTHS), 0.06);
    var second = dice.near(dice.chance(0.6) ? Tint.hex(0xF2EEE6) : dice.pick(CLOTHS), 0.05);
    int pattern = dice.below(4);
    float size = (float) dice.between(14, 40);
    float thread = (float) dice.between(0.35, 0.6);
    float shift = (float) dice.between(0, 512);
    return (u, v, t) -> {
      t.set(ground);
      if (pattern < 3) {
        float from = pattern == 2 ? 0.88f : 0.44f;
        float odd = Noise.ramp(from, from + 0.12f, Noise.wave(u / size));
        float even = Noise.ramp(from, from + 0.12f, Noise.wave(v / size));
        t.mix(
            second,
            pattern == 0
                ? 0.5f * (odd + even)
                : 0.85f * (pattern == 1 ? odd : Math.max(odd, even)));
      }
      float weave = Noise.wave(u * thread) * Noise.wave(v * thread + 0.5f);
      float crease = Noise.cloud(u * 0.3f + shift, v * 0.3f);
      t.scale(0.86f + 0.18f * weave);
      t.height = weave * 0.6f + crease * 14;
    };
  }

  static Material stone(Dice dice) {
    var tint =
        dice.near(
            dice.pick(
                Tint.hex(0x3C4046), Tint.hex(0x2B2D30), Tint.hex(0x77797A), Tint.hex(0x54504C)),
            0.05);
    float shift = (float) dice.between(0, 512);
    float scale = (float) dice.between(0.6, 1.8);
    return (u, v, t) -> {
      float coarse = Noise.cloud(u * scale + shift, v * scale * 1.4f);
      float fine = Noise.cloud(u * 7 + shift, v * 7);
      t.set(tint);
      t.scale(0.72f + 0.4f * coarse + 0.18f * fine);
      t.height = coarse + 0.3f * fine;
    };
  }

  private static Material tiles(Dice dice) {
    var tint = dice.near(dice.pick(CLOTHS).towards(Tint.hex(0xE5E0D5), 0.4), 0.05);
    var grout = dice.near(Tint.hex(0xA79F93), 0.08);
    float size = (float) dice.between(34, 80);
    float gap = (float) dice.between(1, 2.4);
    return (u, v, t) -> {
      int column = Noise.floor(u / size);
      int row = Noise.floor(v / size);
      float x = u - column * size;
      float y = v - row * size;
      float edge = Math.min(Math.min(x, size - x), Math.min(y, size - y));
      t.set(tint);
      t.scale(0.88f + 0.2f * Noise.cellValue(column * 41f, row * 73f));
      t.scale(0.93f + 0.12f * Noise.cloud(u, v));
      if (edge < gap) {
        t.set(grout);
        t.gloss = 0;
      }
      t.height = Math.min(edge, gap * 2) / gap;
    };
  }

  private static Material laminate(Dice dice) {
    var first = dice.near(dice.pick(CLOTHS), 0.12);
    var second = first.times(dice.between(0.6, 0.95));
    return Material.patchy(first, second, dice.between(60, 300), dice.between(0, 512));
  }
}
