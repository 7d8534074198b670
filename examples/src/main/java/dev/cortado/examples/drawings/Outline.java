package dev.cortado.examples.drawings;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;

/**
 * A closed curve round the origin, r(φ) = 1 + Σ aₖ cos(kφ + pₖ), stretched to two radii: the shape
 * of nearly everything edible. It can be drawn smaller, which gives rims and layers that fit.
 */
final class Outline {
  private static final int POINTS = 56;

  private final double[] x = new double[POINTS];
  private final double[] y = new double[POINTS];

  /**
   * Draws lots for a curve.
   *
   * @param rough size of the deviation from an ellipse, 0 to about 0.3
   * @param waves highest number of waves round the curve; lower ones are stronger
   */
  Outline(Dice dice, double rx, double ry, double rough, int waves) {
    var radius = new double[POINTS];
    java.util.Arrays.fill(radius, 1);
    for (int k = 2; k <= waves; k++) {
      double size = rough * dice.between(0.3, 1) / StrictMath.sqrt(k - 1);
      double phase = dice.angle();
      for (int i = 0; i < POINTS; i++) {
        radius[i] += size * StrictMath.cos(2 * StrictMath.PI * k * i / POINTS + phase);
      }
    }
    for (int i = 0; i < POINTS; i++) {
      double phi = 2 * StrictMath.PI * i / POINTS;
      x[i] = rx * radius[i] * StrictMath.cos(phi);
      y[i] = ry * radius[i] * StrictMath.sin(phi);
    }
  }

  Shape path() {
    return path(1);
  }

  /** The curve, scaled about the origin. */
  Shape path(double scale) {
    return smooth(x, y, scale);
  }

  /** A smooth closed curve near the given points. */
  static Path2D smooth(double[] x, double[] y, double scale) {
    var path = new Path2D.Double();
    int n = x.length;
    path.moveTo((x[n - 1] + x[0]) / 2 * scale, (y[n - 1] + y[0]) / 2 * scale);
    for (int i = 0; i < n; i++) {
      int next = (i + 1) % n;
      path.quadTo(
          x[i] * scale, y[i] * scale, (x[i] + x[next]) / 2 * scale, (y[i] + y[next]) / 2 * scale);
    }
    path.closePath();
    return path;
  }

  /** A smooth closed curve near the given points, x and y in turn. */
  static Path2D smooth(double... points) {
    var x = new double[points.length / 2];
    var y = new double[points.length / 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = points[2 * i];
      y[i] = points[2 * i + 1];
    }
    return smooth(x, y, 1);
  }

  static Shape circle(double radius) {
    return oval(radius, radius);
  }

  static Shape oval(double rx, double ry) {
    return new Ellipse2D.Double(-rx, -ry, 2 * rx, 2 * ry);
  }

  /** A rectangle about the origin with rounded corners. */
  static Shape box(double width, double height, double corner) {
    return new RoundRectangle2D.Double(
        -width / 2, -height / 2, width, height, 2 * corner, 2 * corner);
  }

  /** Moves to (x, y) what has been turned by {@code angle}. */
  static AffineTransform place(double x, double y, double angle) {
    var place = AffineTransform.getTranslateInstance(x, y);
    place.concatenate(
        new AffineTransform(
            StrictMath.cos(angle),
            StrictMath.sin(angle),
            -StrictMath.sin(angle),
            StrictMath.cos(angle),
            0,
            0));
    return place;
  }

  /** The place (x, y, angle) within another place. */
  static AffineTransform within(AffineTransform outer, double x, double y, double angle) {
    var place = new AffineTransform(outer);
    place.concatenate(place(x, y, angle));
    return place;
  }
}
