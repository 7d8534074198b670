package dev.cortado.examples.drawings;

/**
 * Irregularity to look up: two square tiles that repeat without a seam, computed once.
 *
 * <p>{@code cloud} is a sum of value noise over six octaves; {@code cells} is the distance to the
 * nearest of many scattered points (Worley, "A cellular texture basis function", SIGGRAPH 1996).
 */
final class Noise {
  private static final int SIDE = 512;
  private static final int WRAP = SIDE - 1;
  private static final int CELL = 8;
  private static final float[] CLOUD = clouds();
  private static final float[] CELLS = new float[SIDE * SIDE];
  private static final float[] CELL_VALUE = new float[SIDE * SIDE];

  static {
    scatter();
  }

  private Noise() {}

  /** Cloudy noise in about [0, 1], mean one half; its largest features are 64 units wide. */
  static float cloud(float x, float y) {
    return lookUp(CLOUD, x, y);
  }

  /** Distance to the nearest cell centre, in cells; a cell is 8 units wide. */
  static float cells(float x, float y) {
    return lookUp(CELLS, x, y);
  }

  /** A number in [0, 1) that is the same all over one cell. */
  static float cellValue(float x, float y) {
    return CELL_VALUE[(floor(y) & WRAP) * SIDE + (floor(x) & WRAP)];
  }

  /** Smooth step from 0 at {@code low} to 1 at {@code high}. */
  static float ramp(float low, float high, float x) {
    float t = Math.clamp((x - low) / (high - low), 0f, 1f);
    return t * t * (3 - 2 * t);
  }

  /** A smooth wave of period 1 between 0 (at whole numbers) and 1 (half way). */
  static float wave(float x) {
    float t = x - floor(x);
    return 16 * t * t * (1 - t) * (1 - t);
  }

  /** The direction of (x, y) as a share of a whole turn, in [0, 1), within 0.3 per cent. */
  static float turn(float x, float y) {
    float ax = Math.abs(x);
    float ay = Math.abs(y);
    float low = Math.min(ax, ay);
    float high = Math.max(ax, ay);
    float ratio = high == 0 ? 0 : low / high;
    // atan(ratio) / 2π: a parabola is close enough for segments of lemons.
    float part = ratio * (0.125f + 0.0435f * (1 - ratio));
    part = ay > ax ? 0.25f - part : part;
    part = x < 0 ? 0.5f - part : part;
    return y < 0 ? (part == 0 ? 0 : 1 - part) : part;
  }

  static int floor(float x) {
    int whole = (int) x;
    return x < whole ? whole - 1 : whole;
  }

  private static float lookUp(float[] tile, float x, float y) {
    int x0 = floor(x);
    int y0 = floor(y);
    float fx = x - x0;
    float fy = y - y0;
    int left = x0 & WRAP;
    int right = (x0 + 1) & WRAP;
    int top = (y0 & WRAP) * SIDE;
    int bottom = ((y0 + 1) & WRAP) * SIDE;
    float upper = tile[top + left] + fx * (tile[top + right] - tile[top + left]);
    float lower = tile[bottom + left] + fx * (tile[bottom + right] - tile[bottom + left]);
    return upper + fy * (lower - upper);
  }

  private static float lattice(int octave, int x, int y) {
    return (Dice.mix(((long) octave << 40) ^ ((long) y << 20) ^ x) >>> 40) * 0x1.0p-24f;
  }

  private static float[] clouds() {
    var tile = new float[SIDE * SIDE];
    float weight = 0.5f;
    for (int octave = 0, step = 64; octave < 6; octave++, step /= 2) {
      int cells = SIDE / step;
      for (int y = 0; y < SIDE; y++) {
        float fy = ramp(0, 1, (y % step) / (float) step);
        for (int x = 0; x < SIDE; x++) {
          float fx = ramp(0, 1, (x % step) / (float) step);
          int cx = x / step;
          int cy = y / step;
          int nx = (cx + 1) % cells;
          int ny = (cy + 1) % cells;
          float upper = lattice(octave, cx, cy) * (1 - fx) + lattice(octave, nx, cy) * fx;
          float lower = lattice(octave, cx, ny) * (1 - fx) + lattice(octave, nx, ny) * fx;
          tile[y * SIDE + x] += weight * (upper * (1 - fy) + lower * fy);
        }
      }
      weight *= 0.5f;
    }
    // The sum of so many octaves stays close to its mean: stretch it over the whole range.
    for (int i = 0; i < tile.length; i++) {
      tile[i] = Math.clamp(0.5f + (tile[i] - 0.492f) * 1.7f, 0f, 1f);
    }
    return tile;
  }

  private static void scatter() {
    int cells = SIDE / CELL;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        float nearest = Float.MAX_VALUE;
        float value = 0;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int cx = x / CELL + dx;
            int cy = y / CELL + dy;
            int wx = Math.floorMod(cx, cells);
            int wy = Math.floorMod(cy, cells);
            float px = (cx + 0.1f + 0.8f * lattice(20, wx, wy)) * CELL - x;
            float py = (cy + 0.1f + 0.8f * lattice(21, wx, wy)) * CELL - y;
            float distance = px * px + py * py;
            if (distance < nearest) {
              nearest = distance;
              value = lattice(22, wx, wy);
            }
          }
        }
        CELLS[y * SIDE + x] = (float) Math.sqrt(nearest) / CELL;
        CELL_VALUE[y * SIDE + x] = value;
      }
    }
  }
}
