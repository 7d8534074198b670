package dev.cortado.training.report;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows how far something has come, an epoch for one: images a second and time left.
 *
 * <p>In a terminal it is one line that is drawn again and again and disappears when it is closed,
 * to make room for the epoch's row. Elsewhere (a file, a build server) there are plain lines, at
 * most one in ten seconds; short epochs leave none. Not thread-safe.
 */
public final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int DEFAULT_WIDTH = 80;
  private static final int LEAST_BAR = 4;
  private static final int LARGEST_BAR = 30;

  /** Where and how progress is shown. */
  public enum Mode {
    /** One line, redrawn. */
    TERMINAL,
    /** Lines now and then. */
    LINES,
    /** Nothing. */
    SILENT
  }

  /** The characters of the bar. */
  public enum Style {
    /** {@code ━━━━╸───} */
    UNICODE,
    /** {@code ====>---}, for terminals and files that know no more. */
    ASCII
  }

  private final PrintStream out;
  private final Mode mode;
  private final Style style;
  private final int width;
  private final LongSupplier nanoTime;
  private final String label;
  private final long total;
  private final String unit;
  private long shown;
  private int drawn;
  private long done;
  private long warm;
  private long warmAt;

  /**
   * Begins to measure time; shows nothing yet.
   *
   * @param label what is being done
   * @param total images in all
   * @param out where to
   * @param mode how
   */
  public ProgressBar(String label, long total, PrintStream out, Mode mode) {
    this(label, total, "images", out, mode);
  }

  /** Begins to measure time; counts something else than images. */
  public ProgressBar(String label, long total, String unit, PrintStream out, Mode mode) {
    this(
        label,
        total,
        unit,
        out,
        mode,
        styleOf(out.charset()),
        width(System.getenv()),
        System::nanoTime);
  }

  ProgressBar(
      String label,
      long total,
      PrintStream out,
      Mode mode,
      Style style,
      int width,
      LongSupplier nanoTime) {
    this(label, total, "images", out, mode, style, width, nanoTime);
  }

  private ProgressBar(
      String label,
      long total,
      String unit,
      PrintStream out,
      Mode mode,
      Style style,
      int width,
      LongSupplier nanoTime) {
    this.label = label;
    this.total = total;
    this.unit = unit;
    this.out = out;
    this.mode = mode;
    this.style = style;
    this.width = width;
    this.nanoTime = nanoTime;
    long began = nanoTime.getAsLong();
    // The first redraw need not wait; the first line must.
    shown = mode == Mode.TERMINAL ? began - REDRAW_NANOS : began;
  }

  /** A bar in a terminal, lines elsewhere. */
  // The check for null is needed again: JDK 25 went back to the console that can be absent.
  @SuppressWarnings("SystemConsoleNull")
  public static Mode detectMode() {
    var console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return terminal && !"dumb".equals(System.getenv("TERM")) ? Mode.TERMINAL : Mode.LINES;
  }

  /** Reports that this many more are done. */
  public void step(long more, String note) {
    done += more;
    if (mode == Mode.SILENT) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (warm == 0) {
      warm = done;
      warmAt = now;
    }
    if (now - shown < (mode == Mode.TERMINAL ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    var progress = new Progress(label, done, total, steadySeconds(now), note, unit);
    if (mode == Mode.LINES) {
      out.println(line(progress));
    } else {
      var text = render(progress, width, style);
      out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      drawn = text.length();
    }
    out.flush();
  }

  /**
   * Returns how long it would have taken so far had the first step been as fast as the others. It
   * waits for the first photos and for the compiler, which says nothing about the rest. While there
   * is no other step, nothing can be said: 0.
   */
  private double steadySeconds(long now) {
    return done == warm ? 0 : (now - warmAt) * 1e-9 * done / (done - warm);
  }

  /** Wipes the bar off the terminal. */
  @Override
  public void close() {
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      out.flush();
      drawn = 0;
    }
  }

  /**
   * The bar as text of at most {@code width - 1} columns (a full line would wrap in some
   * terminals): label, bar, share, counts, rate, time left, note. What does not fit is left out,
   * from the end; the bar shrinks before that.
   */
  public static String render(Progress progress, int width, Style style) {
    int room = Math.max(1, width - 1);
    var share = String.format(Locale.ROOT, "%3d %%", (int) Math.floor(100 * progress.share()));
    var parts =
        new String[] {
          "%d/%d".formatted(progress.done(), progress.total()),
          rate(progress),
          left(progress),
          progress.note()
        };
    var tail = new StringBuilder(" ").append(share);
    int spare = room - progress.label().length() - 1 - LEAST_BAR;
    for (var part : parts) {
      if (!part.isEmpty() && tail.length() + 2 + part.length() <= spare) {
        tail.append("  ").append(part);
      }
    }
    int bar = Math.min(LARGEST_BAR, room - progress.label().length() - 1 - tail.length());
    if (bar < LEAST_BAR) {
      // The share matters more than the end of the label.
      int labelRoom = Math.clamp(room - tail.length(), 0, progress.label().length());
      var bare = progress.label().substring(0, labelRoom) + tail;
      return bare.substring(0, Math.min(room, bare.length()));
    }
    return progress.label() + " " + bar(progress.share(), bar, style) + tail;
  }

  private static String line(Progress progress) {
    var rate = rate(progress);
    var text =
        String.format(
            Locale.ROOT,
            "%s: %d/%d, %s%s left",
            progress.label(),
            progress.done(),
            progress.total(),
            rate.isEmpty() ? "" : rate + ", ",
            left(progress).replace(" left", ""));
    return progress.note().isEmpty() ? text : text + ", " + progress.note();
  }

  private static String bar(double share, int length, Style style) {
    int full = (int) Math.floor(share * length);
    boolean head = full < length && full > 0;
    return switch (style) {
      case UNICODE ->
          "━".repeat(head ? full - 1 : full) + (head ? "╸" : "") + "─".repeat(length - full);
      case ASCII ->
          "=".repeat(head ? full - 1 : full) + (head ? ">" : "") + "-".repeat(length - full);
    };
  }

  /** The rate as text; nothing before anything can be said. */
  private static String rate(Progress progress) {
    if (!(progress.steadySeconds() > 0)) {
      return "";
    }
    double rate = progress.rate();
    return String.format(Locale.ROOT, rate < 10 ? "%.1f %s/s" : "%.0f %s/s", rate, progress.unit());
  }

  private static String left(Progress progress) {
    double seconds = progress.secondsLeft();
    return (Double.isNaN(seconds) ? "-:--" : duration(seconds)) + " left";
  }

  /** A time as {@code 0:07}, {@code 12:30} or {@code 1:02:03}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    long hours = whole / 3600;
    long minutes = whole / 60 % 60;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, minutes, whole % 60)
        : "%d:%02d".formatted(minutes, whole % 60);
  }

  /** The terminal's width: the variable COLUMNS, if it is a sensible number, or 80. */
  static int width(Map<String, String> environment) {
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", "").strip());
      return columns >= 20 ? columns : DEFAULT_WIDTH;
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  private static Style styleOf(Charset charset) {
    return charset.newEncoder().canEncode("━╸─") ? Style.UNICODE : Style.ASCII;
  }
}
