package dev.cortado.tensor;

import java.util.Locale;

/** Writes tensors as NumPy does: nested brackets, long axes abridged. */
final class Printer {
  private static final int EDGE = 3;
  private static final int LONG = 10;

  private Printer() {}

  static String print(Tensor x) {
    if (!(x.storage() instanceof HostStorage)) {
      return "Tensor " + x.spec();
    }
    var out = new StringBuilder("Tensor ").append(x.spec()).append(' ');
    nested(x, out, 0, x.layout().offset());
    return out.toString();
  }

  private static void nested(Tensor x, StringBuilder out, int axis, int at) {
    if (axis == x.rank()) {
      out.append(number(x, at));
      return;
    }
    int n = x.dim(axis);
    boolean abridge = n > LONG;
    out.append('[');
    var separator = axis == x.rank() - 1 ? ", " : ",\n" + " ".repeat(axis + 1);
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        out.append(separator);
      }
      if (abridge && i == EDGE) {
        out.append("...").append(separator);
        i = n - EDGE;
      }
      nested(x, out, axis + 1, at + i * x.layout().stride(axis));
    }
    out.append(']');
  }

  private static String number(Tensor x, int at) {
    double value = x.host().get(at);
    return switch (x.dtype()) {
      case BOOL -> value != 0 ? "true" : "false";
      case I64 -> Long.toString(x.host().longs()[at]);
      case I32 -> Integer.toString(x.host().ints()[at]);
      default -> String.format(Locale.ROOT, "%.4g", value);
    };
  }
}
