package dev.cortado.examples.drawings;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * Coverage of the picture by a shape, drawn by Java2D with anti-aliasing, and its blurred copies.
 */
final class Mask {
  private final int width;
  private final int height;
  private final byte[] coverage;
  private final Graphics2D pen;
  private final float[] columns;
  private final float[] rows;

  Mask(int width, int height) {
    this.width = width;
    this.height = height;
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    coverage = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setColor(Color.WHITE);
    columns = new float[width];
    rows = new float[width * height];
  }

  /** Coverage of pixel {@code index} by what was drawn last, 0 to 1. */
  float at(int index) {
    return (coverage[index] & 255) * (1 / 255f);
  }

  /**
   * The part of the picture within {@code pad} pixels of the shape; empty when it is out of sight.
   */
  Rectangle around(Shape shape, int pad) {
    var box = shape.getBounds();
    box.grow(pad + 1, pad + 1);
    var seen = box.intersection(new Rectangle(width, height));
    return seen.isEmpty() ? new Rectangle() : seen;
  }

  void clear(Rectangle box) {
    for (int y = box.y; y < box.y + box.height; y++) {
      java.util.Arrays.fill(coverage, y * width + box.x, y * width + box.x + box.width, (byte) 0);
    }
  }

  /** Adds the shape to what is drawn already. */
  void fill(Shape shape) {
    pen.fill(shape);
  }

  /**
   * Adds the shape at several heights: the walls of a body that stands {@code lift} pixels high.
   */
  void sweep(Shape shape, double lift) {
    int steps = Math.max(1, (int) Math.ceil(lift / 1.5));
    for (int i = 0; i <= steps; i++) {
      pen.fill(
          AffineTransform.getTranslateInstance(0, -lift * i / steps).createTransformedShape(shape));
    }
  }

  /**
   * Writes the coverage within {@code box}, blurred twice by a square of 2·radius + 1, to {@code
   * out}.
   */
  void blur(Rectangle box, int radius, float[] out) {
    for (int y = box.y; y < box.y + box.height; y++) {
      for (int i = y * width + box.x, end = i + box.width; i < end; i++) {
        out[i] = at(i);
      }
    }
    if (radius < 1) {
      return;
    }
    for (int pass = 0; pass < 2; pass++) {
      alongRows(box, radius, out, rows);
      alongColumns(box, radius, rows, out);
    }
  }

  private void alongRows(Rectangle box, int radius, float[] from, float[] to) {
    float share = 1f / (2 * radius + 1);
    for (int y = box.y; y < box.y + box.height; y++) {
      int first = y * width + box.x;
      int last = first + box.width - 1;
      float sum = from[first] * (radius + 1);
      for (int i = 1; i <= radius; i++) {
        sum += from[Math.min(first + i, last)];
      }
      // Beyond its ends a row goes on as it ends; only there the indices need to be held back.
      int middle = Math.clamp(first + radius, first, last + 1);
      int end = Math.max(middle, last - radius);
      int i = first;
      for (; i < middle; i++) {
        to[i] = sum * share;
        sum += from[Math.min(i + radius + 1, last)] - from[first];
      }
      for (; i < end; i++) {
        to[i] = sum * share;
        sum += from[i + radius + 1] - from[i - radius];
      }
      for (; i <= last; i++) {
        to[i] = sum * share;
        sum += from[last] - from[Math.max(i - radius, first)];
      }
    }
  }

  private void alongColumns(Rectangle box, int radius, float[] from, float[] to) {
    float share = 1f / (2 * radius + 1);
    int top = box.y;
    int bottom = box.y + box.height - 1;
    for (int x = 0; x < box.width; x++) {
      columns[x] = from[top * width + box.x + x] * (radius + 1);
    }
    for (int k = 1; k <= radius; k++) {
      int row = Math.min(top + k, bottom) * width + box.x;
      for (int x = 0; x < box.width; x++) {
        columns[x] += from[row + x];
      }
    }
    for (int y = top; y <= bottom; y++) {
      int here = y * width + box.x;
      int enter = Math.min(y + radius + 1, bottom) * width + box.x;
      int leave = Math.max(y - radius, top) * width + box.x;
      for (int x = 0; x < box.width; x++) {
        to[here + x] = columns[x] * share;
        columns[x] += from[enter + x] - from[leave + x];
      }
    }
  }

  void close() {
    pen.dispose();
  }
}
