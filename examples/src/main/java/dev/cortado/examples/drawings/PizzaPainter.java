package dev.cortado.examples.drawings;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pizza: round, as a tray, with slices missing, or a slice alone. */
final class PizzaPainter {
  private final Stage stage;
  private final Dice dice;
  private final Garnish garnish;

  /** What is left of the pizza after cutting. */
  private @Nullable Area window;

  private double rx;
  private double ry;
  private boolean tray;
  private Outline form;

  PizzaPainter(Stage stage, Dice dice) {
    this.stage = stage;
    this.dice = dice;
    garnish = new Garnish(stage, dice.fork(2));
    double size = dice.between(88, 112);
    tray = dice.chance(0.1);
    rx = size;
    ry = tray ? size * dice.between(0.68, 0.9) : size * dice.between(0.92, 1.04);
    form = new Outline(dice, rx, ry, dice.between(0.008, 0.03), 9);
  }

  void paint() {
    double kind = dice.unit();
    if (kind < 0.14 && !tray) {
      slices();
      return;
    }
    Tableware.serve(stage, dice.fork(3), rx, ry);
    if (kind < 0.4 && !tray) {
      missingSlices();
      return;
    }
    body(new AffineTransform(), dice.chance(0.45) ? dice.count(3, 4) : 0);
  }

  private void missingSlices() {
    double wide = dice.between(0.7, 0.95) * dice.count(1, 2);
    double from = dice.angle();
    var wedge = wedge(from, wide, 1.6);
    window = new Area(new Rectangle2D.Double(-400, -400, 800, 800));
    window.subtract(wedge);
    body(new AffineTransform(), dice.chance(0.7) ? 4 : 0);
    if (dice.chance(0.5)) {
      window = wedge(from + 0.04, wide - 0.08, 1.6);
      double away = dice.between(10, 32);
      double out = from + wide / 2;
      body(
          AffineTransform.getTranslateInstance(
              away * StrictMath.cos(out), away * StrictMath.sin(out)),
          0);
    }
  }

  /** One or two big slices. */
  private void slices() {
    rx = ry = dice.between(165, 205);
    form = new Outline(dice, rx, ry, 0.012, 9);
    Tableware.serve(stage, dice.fork(3), 100, 90);
    double turn = dice.angle();
    int count = dice.count(1, 2);
    for (int i = 0; i < count; i++) {
      double wide = dice.between(0.68, 0.92);
      window = wedge(-wide / 2, wide, 1.6);
      var place = Outline.place(0, 0, turn + i * (wide + 0.12) - (count - 1) * 0.4);
      place.translate(-rx * dice.between(0.52, 0.62), 0);
      body(place, 0);
    }
  }

  private Area wedge(double from, double wide, double reach) {
    double far = Math.max(rx, ry) * reach;
    return new Area(
        new Arc2D.Double(
            -far,
            -far,
            2 * far,
            2 * far,
            -StrictMath.toDegrees(from),
            -StrictMath.toDegrees(wide),
            Arc2D.PIE));
  }

  private Shape layer(double scale) {
    return cut(whole(scale));
  }

  private Shape whole(double scale) {
    return tray
        ? Outline.box(2 * rx * scale - (1 - scale) * 20, 2 * ry * scale - (1 - scale) * 20, 14)
        : form.path(scale);
  }

  private Shape cut(Shape whole) {
    if (window == null) {
      return whole;
    }
    var rest = new Area(whole);
    rest.intersect(window);
    return rest;
  }

  /** The layer without its middle, which another will cover. */
  private Shape ring(double outer, double inner) {
    var ring = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    ring.append(whole(outer), false);
    ring.append(whole(inner), false);
    return cut(ring);
  }

  private void body(AffineTransform place, int cuts) {
    double rim = dice.between(0.82, 0.9);
    var dough =
        dice.near(dice.pick(Tint.hex(0xD9A45C), Tint.hex(0xC78A45), Tint.hex(0xE3BC7E)), 0.06);
    stage.put(
        ring(1, rim - 0.04),
        place,
        Surface.of(crust(dough))
            .rounded(17, 7)
            .bumpy(2.2)
            .glossy(0.1)
            .tall(dice.between(3, 6), dough.times(0.75)));
    var style = Style.values()[dice.below(Style.values().length)];
    double edge = rim - dice.between(0.01, 0.05);
    stage.put(
        ring(rim + 0.015, edge - 0.04),
        place,
        Surface.of(dice.near(style.sauce(), 0.05)).bumpy(1.6).glossy(0.25));
    stage.put(layer(edge), place, Surface.of(cheese(style)).bumpy(2.6).glossy(0.22));
    toppings(style, place, rim);
    cuts(place, cuts);
  }

  private Material crust(Tint dough) {
    float shift = (float) dice.between(0, 512);
    float burnt = (float) dice.between(0.55, 0.8);
    var dark = dough.times(0.42);
    var flour = dough.towards(Tint.hex(0xF7E6C4), 0.5);
    return (u, v, t) -> {
      float cloud = Noise.cloud(u * 1.1f + shift, v * 1.1f);
      float blister = Noise.cloud(u * 3f - shift, v * 3f);
      t.set(dough);
      t.mix(flour, Noise.ramp(0.5f, 0.1f, cloud));
      t.mix(dark, 0.9f * Noise.ramp(burnt, burnt + 0.18f, 0.6f * cloud + 0.5f * blister));
      t.height = cloud + 0.5f * blister;
    };
  }

  private Material cheese(Style style) {
    var melt = dice.near(style.cheese(), 0.05);
    var brown = dice.near(Tint.hex(0xA9662A), 0.05);
    var sauce = dice.near(style.sauce(), 0.04);
    float shift = (float) dice.between(0, 512);
    float fine = (float) dice.between(0.9, 2.2);
    float bare = (float) dice.between(0.2, 0.5);
    float toast = (float) dice.between(0.55, 0.78);
    return (u, v, t) -> {
      float cover = Noise.cloud(u * fine + shift, v * fine);
      float spot = Noise.cloud(u * 2.3f - shift, v * 2.3f + 100);
      float melted = Noise.ramp(bare - 0.06f, bare + 0.06f, cover);
      t.set(sauce);
      t.scale(0.85f + 0.3f * spot);
      t.mix(melt, melted);
      t.mix(brown, 0.75f * melted * Noise.ramp(toast, toast + 0.14f, spot));
      t.height = melted * 1.2f + 0.8f * cover;
    };
  }

  private void toppings(Style style, AffineTransform place, double rim) {
    var spots = spots(rim, dice.between(17, 25));
    var kinds = new ArrayList<Topping>(List.of(style.main, style.second));
    if (dice.chance(0.6)) {
      kinds.add(Topping.values()[dice.below(Topping.values().length)]);
    }
    double share = dice.between(0.55, 1);
    for (var spot : spots) {
      if (!dice.chance(share)) {
        continue;
      }
      var at = new double[2];
      place.transform(spot, 0, at, 0, 1);
      double lot = dice.unit();
      top(kinds.get(lot < 0.5 ? 0 : lot < 0.8 ? 1 : kinds.size() - 1), at[0], at[1]);
    }
    if (dice.chance(0.5)) {
      // Grains scatter over a disc; on a cut pizza they stay near the middle of what is left.
      var box = layer(rim * 0.9).getBounds2D();
      var at = new double[] {box.getCenterX(), box.getCenterY()};
      place.transform(at, 0, at, 0, 1);
      boolean cut = box.getWidth() < 1.5 * rx;
      double reach = (cut ? 0.25 : 0.45) * Math.min(box.getWidth(), box.getHeight());
      garnish.scatter(
          at[0], at[1], reach, reach, dice.count(20, 60), dice.near(Tint.hex(0x46702C), 0.08), 1.5);
    }
  }

  /** Places for toppings at least {@code apart} from each other. */
  private List<double[]> spots(double rim, double apart) {
    var inner = new Path2D.Double(layer(rim * 0.9));
    var found = new ArrayList<double[]>();
    for (int attempt = 0; attempt < 260; attempt++) {
      double x = dice.between(-rx, rx);
      double y = dice.between(-ry, ry);
      boolean free =
          inner.contains(x - 6, y)
              && inner.contains(x + 6, y)
              && inner.contains(x, y - 6)
              && inner.contains(x, y + 6);
      for (int i = 0; free && i < found.size(); i++) {
        double dx = found.get(i)[0] - x;
        double dy = found.get(i)[1] - y;
        free = dx * dx + dy * dy > apart * apart;
      }
      if (free) {
        found.add(new double[] {x, y});
      }
    }
    return found;
  }

  private void top(Topping topping, double x, double y) {
    switch (topping) {
      case PEPPERONI -> pepperoni(x, y, dice.between(11.5, 15.5));
      case OLIVE -> garnish.oliveRing(x, y, dice.between(6, 8));
      case BASIL -> garnish.basil(x, y, dice.between(14, 20));
      case MUSHROOM -> garnish.mushroom(x, y, dice.between(10, 14));
      case MOZZARELLA -> mozzarella(x, y, dice.between(12, 19));
      case TOMATO -> garnish.tomatoSlice(x, y, dice.between(11, 15));
      case PEPPER -> garnish.pepper(x, y, dice.between(9, 14));
      case ONION -> garnish.onionRing(x, y, dice.between(9, 13));
      case HAM -> garnish.petals(x, y, dice.between(8, 11), Tint.hex(0xD58F86));
      case SAUSAGE -> sausage(x, y);
    }
  }

  private void pepperoni(double x, double y, double size) {
    var meat = dice.near(Tint.hex(0xA8321F), 0.06);
    var dark = meat.times(0.6);
    var fat = Tint.hex(0xDE9A78);
    float across = (float) (1 / size);
    float shift = (float) dice.between(0, 512);
    Material material =
        (u, v, t) -> {
          float r = (float) Math.sqrt(u * u + v * v) * across;
          t.set(meat);
          t.mix(
              fat, 0.75f * (1 - Noise.ramp(0.16f, 0.3f, Noise.cells(u * 2.2f + shift, v * 2.2f))));
          t.mix(dark, Noise.ramp(0.72f, 1, r + 0.25f * (Noise.cloud(u * 3 + shift, v * 3) - 0.5f)));
          t.height = Noise.ramp(0.6f, 1, r) * 2 + Noise.cloud(u * 4, v * 4);
        };
    stage.put(
        new Outline(dice, size, size, 0.03, 5).path(),
        Outline.place(x, y, dice.angle()),
        Surface.of(material).rounded(3, 1.4).bumpy(0.9).glossy(0.4).lying(0.9));
  }

  private void mozzarella(double x, double y, double size) {
    var tint = dice.near(Tint.hex(0xF6EFDC), 0.03);
    stage.put(
        new Outline(dice, size, size * 0.9, 0.11, 6).path(),
        Outline.place(x, y, dice.angle()),
        Surface.of(
                Material.patchy(
                    tint, tint.towards(Tint.hex(0xD9A75C), 0.5), 22, dice.between(0, 512)))
            .rounded(9, 3.4)
            .bumpy(1.6)
            .glossy(0.35)
            .lying(0.5));
  }

  private void sausage(double x, double y) {
    for (int i = dice.count(1, 3); i > 0; i--) {
      var tint = dice.near(Tint.hex(0x6E4026), 0.06);
      stage.put(
          new Outline(dice, dice.between(5, 8), dice.between(4, 7), 0.12, 5).path(),
          Outline.place(x + dice.between(-8, 8), y + dice.between(-8, 8), dice.angle()),
          Surface.of(tint).rounded(6, 4).bumpy(2.4).glossy(0.2).lying(1));
    }
  }

  private void cuts(AffineTransform place, int count) {
    double turn = dice.angle();
    var lines = new Path2D.Double();
    for (int i = 0; i < count; i++) {
      double angle = turn + i * StrictMath.PI / count + dice.between(-0.05, 0.05);
      double x = 0.96 * rx * StrictMath.cos(angle);
      double y = 0.96 * ry * StrictMath.sin(angle);
      lines.append(
          new BasicStroke(1.7f).createStrokedShape(new Line2D.Double(-x, -y, x, y)), false);
    }
    if (count > 0) {
      stage.put(lines, place, Surface.of(Tint.hex(0x6B3A1E)).clear(0.7));
    }
  }

  private enum Topping {
    PEPPERONI,
    OLIVE,
    BASIL,
    MUSHROOM,
    MOZZARELLA,
    TOMATO,
    PEPPER,
    ONION,
    HAM,
    SAUSAGE
  }

  private enum Style {
    DINER(0xA8301C, 0xE9B24C, Topping.PEPPERONI, Topping.PEPPERONI),
    MARGHERITA(0xB7351D, 0xE6A85B, Topping.MOZZARELLA, Topping.BASIL),
    GARDEN(0xA8391F, 0xEBC46B, Topping.PEPPER, Topping.OLIVE),
    FOREST(0xE4D2A4, 0xF0DDA6, Topping.MUSHROOM, Topping.ONION),
    CAPRICCIOSA(0xA5361F, 0xE8C27A, Topping.HAM, Topping.MUSHROOM),
    WHITE(0xEADFC0, 0xF3E7C4, Topping.HAM, Topping.BASIL),
    MEAT(0x7E2A1A, 0xD79A4A, Topping.SAUSAGE, Topping.PEPPERONI),
    PESTO(0x66792F, 0xE9D69A, Topping.MOZZARELLA, Topping.TOMATO);

    private final int sauce;
    private final int cheese;
    final Topping main;
    final Topping second;

    Style(int sauce, int cheese, Topping main, Topping second) {
      this.sauce = sauce;
      this.cheese = cheese;
      this.main = main;
      this.second = second;
    }

    Tint sauce() {
      return Tint.hex(sauce);
    }

    Tint cheese() {
      return Tint.hex(cheese);
    }
  }
}
