package dev.cortado.examples.drawings;

import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.NoninvertibleTransformException;

/**
 * The picture while it is being made: bodies are put on it one after the other, each lit, shaded
 * and with its shadow on what lies below.
 *
 * <p>A body is an outline with a rounded rim. Its height is {@code rise · √(1 − (1 − t)²) + bump ·
 * relief}, where t runs from 0 at the rim to 1 inside (the blurred coverage tells t); the height's
 * slope gives the normal n, and the light l and its half vector h the shade {@code ambient + (1 −
 * ambient) · n·l / l_z} and the highlight {@code gloss · (n·h)³²}.
 */
final class Stage {
  final int width;
  final int height;
  final float[] red;
  final float[] green;
  final float[] blue;
  private final Light light;
  private final AffineTransform camera;
  private final double zoom;
  private final double lean;
  private final Mask mask;
  private final float[] soft;
  private final float[] relief;
  private final float[] r;
  private final float[] g;
  private final float[] b;
  private final float[] shine;
  private double ground;

  /**
   * Makes an empty stage.
   *
   * @param camera from scene units to pixels
   * @param zoom pixels in a scene unit
   * @param lean how far a unit of height moves a point up the picture, in scene units
   */
  Stage(int width, int height, Light light, AffineTransform camera, double zoom, double lean) {
    this.width = width;
    this.height = height;
    this.light = light;
    this.camera = camera;
    this.zoom = zoom;
    this.lean = lean;
    int pixels = width * height;
    red = new float[pixels];
    green = new float[pixels];
    blue = new float[pixels];
    soft = new float[pixels];
    relief = new float[pixels];
    r = new float[pixels];
    g = new float[pixels];
    b = new float[pixels];
    shine = new float[pixels];
    mask = new Mask(width, height);
  }

  /** From now on bodies stand at this height above the table, in scene units. */
  void standAt(double height) {
    ground = height;
  }

  double ground() {
    return ground;
  }

  /** Covers the whole picture, as a table does. */
  void cover(Surface surface) {
    var all = new Rectangle(width, height);
    mask.clear(all);
    mask.fill(all);
    sample(all, camera, surface, false);
    shade(all, surface);
  }

  /** Puts a body whose outline is given in scene units. */
  void put(Shape outline, Surface surface) {
    put(outline, new AffineTransform(), surface);
  }

  /**
   * Puts a body whose outline and material are given in units of its own, moved by {@code place}.
   */
  void put(Shape outline, AffineTransform place, Surface surface) {
    var toPixels = AffineTransform.getTranslateInstance(0, -ground * lean * zoom);
    toPixels.concatenate(camera);
    toPixels.concatenate(place);
    var base = toPixels.createTransformedShape(outline);
    var box = mask.around(base, 0);
    double lift = surface.height() * lean * zoom;
    double soften = light.softness() * zoom * (0.3 + 0.05 * Math.max(surface.height(), 2));
    if (surface.shadow() > 0) {
      castShadow(base, surface, soften);
    }
    var top = base;
    if (lift > 0.5) {
      var raise = AffineTransform.getTranslateInstance(0, -lift);
      top = raise.createTransformedShape(base);
      var walls = mask.around(base, (int) lift + 2);
      if (!walls.isEmpty()) {
        mask.clear(walls);
        mask.sweep(base, lift);
        paintWalls(walls, surface);
      }
      toPixels.preConcatenate(raise);
      box = mask.around(top, 0);
    }
    if (box.isEmpty()) {
      return;
    }
    mask.clear(box);
    mask.fill(top);
    if (surface.round() > 0) {
      mask.blur(box, (int) Math.round(surface.round() * zoom * 0.5), soft);
    }
    sample(box, toPixels, surface, surface.round() > 0);
    shade(box, surface);
  }

  private void castShadow(Shape base, Surface surface, double soften) {
    int radius = Math.max(1, (int) Math.round(soften));
    double length = (surface.height() * 0.7 + 2.2) * zoom;
    var thrown =
        AffineTransform.getTranslateInstance(
                -light.x() / light.z() * length * 0.6, -light.y() / light.z() * length * 0.6)
            .createTransformedShape(base);
    var box = mask.around(thrown, 2 * radius + 1);
    if (box.isEmpty()) {
      return;
    }
    mask.clear(box);
    mask.fill(thrown);
    mask.blur(box, radius, soft);
    float strength = (float) (light.shadow() * surface.shadow());
    for (int y = box.y; y < box.y + box.height; y++) {
      for (int i = y * width + box.x, end = i + box.width; i < end; i++) {
        float keep = 1 - strength * soft[i];
        red[i] *= keep;
        green[i] *= keep;
        blue[i] *= 1 - 0.92f * strength * soft[i];
      }
    }
  }

  private void paintWalls(Rectangle box, Surface surface) {
    // A wall faces the viewer: down the picture.
    float lit = Math.clamp(0.35f + 0.5f * light.ambient() + 0.45f * light.y(), 0.25f, 1.05f);
    var side = surface.side();
    for (int y = box.y; y < box.y + box.height; y++) {
      for (int i = y * width + box.x, end = i + box.width; i < end; i++) {
        float cover = mask.at(i);
        if (cover > 0) {
          float grain = lit * (0.7f + 0.6f * Noise.cloud((i - y * width) * 3.1f, y * 2.3f));
          red[i] += cover * (side.r() * grain - red[i]);
          green[i] += cover * (side.g() * grain - green[i]);
          blue[i] += cover * (side.b() * grain - blue[i]);
        }
      }
    }
  }

  private void sample(Rectangle box, AffineTransform toPixels, Surface surface, boolean rounded) {
    var inverse = new double[6];
    try {
      toPixels.createInverse().getMatrix(inverse);
    } catch (NoninvertibleTransformException e) {
      throw new IllegalArgumentException("a body must not be flattened to a line", e);
    }
    float ux = (float) inverse[0];
    float vx = (float) inverse[1];
    float rise = (float) (surface.rise() * zoom);
    float bump = (float) (surface.bump() * zoom);
    var texel = new Texel();
    var material = surface.material();
    for (int y = box.y; y < box.y + box.height; y++) {
      float u = (float) (inverse[0] * (box.x + 0.5) + inverse[2] * (y + 0.5) + inverse[4]);
      float v = (float) (inverse[1] * (box.x + 0.5) + inverse[3] * (y + 0.5) + inverse[5]);
      for (int i = y * width + box.x, end = i + box.width; i < end; i++, u += ux, v += vx) {
        if (mask.at(i) == 0) {
          relief[i] = 0;
          continue;
        }
        texel.height = 0;
        texel.gloss = 1;
        material.at(u, v, texel);
        float tall = bump * texel.height;
        if (rounded) {
          float t = Math.clamp(soft[i] * 2 - 1, 0f, 1f);
          tall =
              t == 1
                  ? tall + rise
                  : tall * Math.min(1, 4 * t) + rise * (float) Math.sqrt(t * (2 - t));
        }
        relief[i] = tall;
        r[i] = texel.r;
        g[i] = texel.g;
        b[i] = texel.b;
        shine[i] = texel.gloss;
      }
    }
  }

  private void shade(Rectangle box, Surface surface) {
    float halfLength = (float) Math.sqrt(2 + 2 * light.z());
    float hx = light.x() / halfLength;
    float hy = light.y() / halfLength;
    float hz = (light.z() + 1) / halfLength;
    float direct = (1 - light.ambient()) / light.z();
    float gloss = (float) surface.gloss();
    float opacity = (float) surface.opacity();
    int right = box.x + box.width - 1;
    int bottom = box.y + box.height - 1;
    float lx = light.x();
    float ly = light.y();
    float lz = light.z();
    float ambient = light.ambient();
    for (int y = box.y; y <= bottom; y++) {
      int above = y > box.y ? width : 0;
      int below = y < bottom ? width : 0;
      for (int x = box.x; x <= right; x++) {
        int i = y * width + x;
        float cover = mask.at(i) * opacity;
        if (cover == 0) {
          continue;
        }
        float sx = 0.5f * (relief[x > box.x ? i - 1 : i] - relief[x < right ? i + 1 : i]);
        float sy = 0.5f * (relief[i - above] - relief[i + below]);
        float norm = 1 / (float) Math.sqrt(sx * sx + sy * sy + 1);
        float facing = Math.max(0, (sx * lx + sy * ly + lz) * norm);
        float shade = ambient + direct * facing;
        float glint = 0;
        if (gloss > 0) {
          float along = Math.max(0, (sx * hx + sy * hy + hz) * norm);
          along *= along;
          along *= along;
          along *= along;
          along *= along;
          glint = along * along * gloss * shine[i];
        }
        red[i] += cover * (r[i] * shade + glint - red[i]);
        green[i] += cover * (g[i] * shade + glint - green[i]);
        blue[i] += cover * (b[i] * shade + glint - blue[i]);
      }
    }
  }

  void close() {
    mask.close();
  }
}
