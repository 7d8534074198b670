package dev.cortado.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes tensors as NumPy does: type and shape, then the elements in nested brackets, in columns;
 * of long tensors the ends of each axis; lines broken at {@value #LINE} characters. {@link Digits}
 * writes the numbers.
 */
final class Printer {
  /** Digits behind the point, as many as are needed but no more. */
  static final int PRECISION = 4;

  /** Tensors of more elements are abridged. */
  private static final int LONG = 1000;

  /** So many elements at each end of an abridged axis. */
  private static final int EDGE = 3;

  private static final int LINE = 75;

  private final Tensor x;
  private final boolean abridged;
  private final List<String> words = new ArrayList<>();
  private int next;

  private Printer(Tensor x) {
    this.x = x;
    this.abridged = x.elements() > LONG;
  }

  static String print(Tensor x, int precision) {
    var head = "Tensor " + x.spec();
    if (!(x.storage() instanceof HostStorage host)) {
      return head;
    }
    var staleness = host.staleness();
    if (staleness != null) {
      return head + " (" + staleness + ")";
    }
    if (x.elements() == 0) {
      return head + " []";
    }
    var body = new Printer(x).body(precision);
    return head + (body.contains("\n") ? "\n" : " ") + body;
  }

  private String body(int precision) {
    var places = new ArrayList<Integer>();
    places(places, 0, x.layout().offset());
    var at = places.stream().mapToInt(Integer::intValue).toArray();
    words.addAll(words(at, precision));
    return x.rank() == 0 ? words.getFirst() : nested(0, " ", LINE);
  }

  private List<String> words(int[] at, int precision) {
    var host = x.host();
    return switch (x.dtype()) {
      case BOOL -> {
        var truth = x.rank() == 0 ? "true" : " true"; // as wide as false
        yield Arrays.stream(at).mapToObj(i -> host.get(i) != 0 ? truth : "false").toList();
      }
      case I32 -> right(Arrays.stream(at).mapToObj(i -> Integer.toString(host.ints()[i])));
      case I64 -> right(Arrays.stream(at).mapToObj(i -> Long.toString(host.longs()[i])));
      case F16, BF16, F32, F64 ->
          Digits.columns(Arrays.stream(at).mapToDouble(host::get).toArray(), x.dtype(), precision);
    };
  }

  private static List<String> right(java.util.stream.Stream<String> texts) {
    var all = texts.toList();
    int width = all.stream().mapToInt(String::length).max().orElse(0);
    return all.stream().map(text -> " ".repeat(width - text.length()) + text).toList();
  }

  private boolean skips(int axis) {
    return abridged && x.dim(axis) > 2 * EDGE;
  }

  /** Collects where the elements lie that are shown. */
  private void places(List<Integer> places, int axis, int at) {
    if (axis == x.rank()) {
      places.add(at);
      return;
    }
    int n = x.dim(axis);
    for (int i = 0; i < n; i++) {
      if (skips(axis) && i == EDGE) {
        i = n - EDGE;
      }
      places(places, axis + 1, at + i * x.layout().stride(axis));
    }
  }

  /**
   * Writes the next elements as one bracket.
   *
   * @param indent what stands before each line but the first
   * @param width the characters that a line has left for this bracket
   */
  private String nested(int axis, String indent, int width) {
    int shown = skips(axis) ? 2 * EDGE : x.dim(axis);
    boolean row = axis == x.rank() - 1;
    var lines = new Lines(indent, width - 1);
    var breaks = "\n".repeat(x.rank() - axis - 1);
    var text = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      if (skips(axis) && i == EDGE) {
        if (row) {
          lines.add("...", ", ");
        } else {
          text.append("...,").append(breaks).append(indent);
        }
      }
      boolean last = i == shown - 1;
      if (row) {
        lines.add(words.get(next++), last ? "" : ", ");
      } else {
        text.append(nested(axis + 1, indent + " ", width - 1));
        text.append(last ? "" : "," + breaks + indent);
      }
    }
    return "[" + (row ? lines.text() : text) + "]";
  }

  /** Fills lines with words. */
  private static final class Lines {
    private final StringBuilder done = new StringBuilder();
    private final StringBuilder line;
    private final String indent;
    private final int width;

    Lines(String indent, int width) {
      this.indent = indent;
      this.width = width;
      this.line = new StringBuilder(indent);
    }

    void add(String word, String separator) {
      boolean full = line.length() + word.length() > width;
      if (full && line.length() > indent.length()) {
        done.append(line.toString().stripTrailing()).append('\n');
        line.setLength(0);
        line.append(indent);
      }
      line.append(word).append(separator);
    }

    /** Returns the lines, the first without what stands before it. */
    String text() {
      return done.append(line).substring(indent.length());
    }
  }
}
