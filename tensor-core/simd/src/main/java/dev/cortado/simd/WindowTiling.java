package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How a matrix is covered with {@link WindowLoop}s: its rows are cut into {@link Strips}, its
 * columns into panels of some vectors. So there are up to four loops: for tall strips and for low
 * ones, in the last panel and in the others.
 *
 * <p>Where the last panel's last vector has fewer columns than lanes, it begins earlier and
 * computes some columns that the vector before it has, too. Where there is none before it, the
 * panel is computed elsewhere and its columns are copied.
 */
final class WindowTiling {
  private static final VectorSpecies<Float> S = Lanes.F32;
  private static final int L = Lanes.COUNT;

  private static final LoopCache<Key, WindowTiling> TILINGS = new LoopCache<>(WindowTiling::new);
  private static final LoopCache<WindowLoop.Size, Entry> LOOPS = new LoopCache<>(Entry::of);

  private record Key(int rows, int cols, int row, int step, WindowLoop.Into into) {}

  private record Entry(WindowLoop loop, WarmUp warmUp) {
    static Entry of(WindowLoop.Size size) {
      var loop = WindowLoop.compile(size);
      return new Entry(loop, WindowLoop.warmUp(loop, size));
    }
  }

  private final Strips strips;
  private final int cols;
  private final int row;
  private final int panels;
  private final int vectors;
  private final int lastVectors;

  /** Lanes of the last vector without a column. */
  private final int spare;

  private final WindowLoop.Into into;
  private final Tiers<List<WindowLoop>> loops;

  private WindowTiling(Key key) {
    int count = Math.ceilDiv(key.cols, L);
    int most = vectors(key.rows, count);
    this.cols = key.cols;
    this.row = key.row;
    this.panels = Math.ceilDiv(count, most);
    this.vectors = Math.ceilDiv(count, panels);
    this.lastVectors = count - (panels - 1) * vectors;
    this.spare = count * L - cols;
    this.into = key.into;
    this.strips = Strips.of(key.rows, rows(vectors));
    var sizes = new ArrayList<WindowLoop.Size>();
    for (int i = 0; i < 4; i++) {
      boolean low = i / 2 > 0 && strips.tall() < strips.count();
      boolean last = i % 2 > 0 || panels == 1;
      sizes.add(
          new WindowLoop.Size(
              strips.height() - (low ? 1 : 0),
              last ? lastVectors : vectors,
              last ? overlap(panels - 1) : 0,
              key.row,
              key.step,
              last && elsewhere(panels - 1) ? WindowLoop.Into.WRITE : key.into));
    }
    List<WindowLoop> common = sizes.stream().<WindowLoop>map(CommonProduct::new).toList();
    this.loops = new Tiers<>(common, CommonProduct.WARM_UP, () -> special(sizes));
  }

  private static Tiers.Special<List<WindowLoop>> special(List<WindowLoop.Size> sizes) {
    var entries = sizes.stream().map(LOOPS::get).toList();
    return new Tiers.Special<>(
        entries.stream().map(Entry::loop).toList(),
        entries.stream().map(Entry::warmUp).distinct().toList());
  }

  /** Returns the tiling of {@code rows × cols}; see {@link WindowLoop.Size} for the others. */
  static WindowTiling of(int rows, int cols, int row, int step, WindowLoop.Into into) {
    return TILINGS.get(new Key(rows, cols, row, step, into));
  }

  /** Returns vectors per panel: more of them if there are but a few rows. */
  private static int vectors(int rows, int count) {
    int most = 2;
    if (Lanes.REGISTERS >= 32) {
      most = rows <= 3 ? 6 : rows <= 5 ? 4 : rows <= 7 ? 3 : 2;
    } else if (rows <= 2 || (count % 3 == 0 && count % 2 != 0)) {
      most = 3;
    }
    return Math.min(most, count);
  }

  /**
   * Returns the rows of a tile. C2 broadcasts some numbers ahead, so that with 14 × 2 sums it has
   * one register too few of 32 and keeps a sum in memory, which takes longer than all the rest.
   */
  private static int rows(int vectors) {
    if (Lanes.REGISTERS >= 32) {
      return switch (vectors) {
        case 1 -> 14;
        case 2 -> 13;
        case 3 -> 7;
        case 4 -> 5;
        default -> 3;
      };
    }
    return switch (vectors) {
      case 1 -> 8;
      case 2 -> 4;
      default -> 3;
    };
  }

  int panels() {
    return panels;
  }

  /** Tells whether all of so many columns make one panel that needs nothing to fill it up. */
  static boolean isOnePanel(int rows, int cols) {
    int count = Math.ceilDiv(cols, L);
    return vectors(rows, count) == count && (count > 1 || cols == L);
  }

  /** Returns the columns of every panel but the last. */
  int nr() {
    return vectors * L;
  }

  /** Returns the columns of a panel, at least a vector of them. */
  int width(int panel) {
    return (panel < panels - 1 ? vectors : lastVectors) * L - overlap(panel);
  }

  /** Returns by how many columns the last vector of a panel begins earlier. */
  private int overlap(int panel) {
    return panel == panels - 1 && lastVectors > 1 ? spare : 0;
  }

  /** Tells whether a panel's only vector has fewer columns than lanes. */
  private boolean elsewhere(int panel) {
    return panel == panels - 1 && lastVectors == 1 && spare > 0;
  }

  /** Returns the loops to compute all panels with for {@code k} numbers of each row. */
  List<WindowLoop> loops(long k) {
    return loops.get(k * strips.rows() * Math.ceilDiv(cols, L));
  }

  /**
   * Computes a panel of the result; see {@link WindowLoop#run}.
   *
   * @param loops the loops; see {@link #loops}
   * @param c the result, whose first row and column are at {@code cAt}
   */
  void panel(
      List<WindowLoop> loops,
      int panel,
      int length,
      int[] runs,
      int first,
      int count,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc) {
    int to = cAt + panel * nr();
    int last = panel == panels - 1 ? 1 : 0;
    if (elsewhere(panel)) {
      narrow(loops, length, runs, first, count, a, aAt, b, bAt, c, to, ldc);
      return;
    }
    for (int s = 0; s < strips.count(); s++) {
      int at = strips.at(s);
      var loop = loops.get((s < strips.tall() ? 0 : 2) + last);
      loop.run(length, runs, first, count, a, aAt + at * row, b, bAt, c, to + at * ldc, ldc);
    }
  }

  /** Computes a panel that has fewer columns than a vector has lanes. */
  private void narrow(
      List<WindowLoop> loops,
      int length,
      int[] runs,
      int first,
      int count,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int ldc) {
    float[] tile = Workspace.current().floats(Workspace.TILE, strips.rows() * L);
    for (int s = 0; s < strips.count(); s++) {
      int at = strips.at(s);
      var loop = loops.get(s < strips.tall() ? 1 : 3);
      loop.run(length, runs, first, count, a, aAt + at * row, b, bAt, tile, at * L, L);
    }
    if (into == WindowLoop.Into.WRITE) {
      copyRows(tile, strips.rows(), L - spare, c, cAt, ldc);
    } else {
      addRows(tile, strips.rows(), L - spare, c, cAt, ldc);
    }
  }

  private static void copyRows(float[] tile, int rows, int cols, float[] c, int at, int ldc) {
    var mask = Lanes.first(cols);
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(S, tile, r * L).intoArray(c, at + r * ldc, mask);
    }
  }

  private static void addRows(float[] tile, int rows, int cols, float[] c, int at, int ldc) {
    var mask = Lanes.first(cols);
    for (int r = 0; r < rows; r++) {
      int to = at + r * ldc;
      var there = FloatVector.fromArray(S, c, to, mask);
      FloatVector.fromArray(S, tile, r * L).add(there).intoArray(c, to, mask);
    }
  }
}
