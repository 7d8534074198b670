package dev.cortado.simd;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A loop in two versions. The <em>common</em> one serves all sizes; it is compiled once in a
 * program's life and then nearly as fast as it can be with distances that are variables. The
 * <em>special</em> one is written for one size. A model needs dozens of those, each of which takes
 * the JIT compiler some hundredths of a second: so they are made and brought to full speed in the
 * background ({@link Background}) while the common loop does the work.
 *
 * <p>Both sum the same products in the same order: no bit tells which one it was.
 *
 * @param <L> a loop, or loops that are used together
 */
final class Tiers<L> {
  /**
   * A loop for one size.
   *
   * @param loop the loop
   * @param warmUps what brings it to full speed
   */
  record Special<L>(L loop, Collection<WarmUp> warmUps) {
    /** Whether the loop is known to be fast, or to stay slow for ever. */
    boolean isOver() {
      return warmUps.stream().allMatch(WarmUp::isOver);
    }
  }

  /** Writes a special loop. */
  @FunctionalInterface
  interface Maker<L> {
    Special<L> make();
  }

  /** Which loops to use. */
  enum Mode {
    /** Common ones until special ones are fast. */
    AUTO,
    /** Special ones only, which are waited for. */
    SPECIAL,
    /** Common ones only. */
    COMMON;

    private static Mode named(String name) {
      for (var mode : values()) {
        if (mode.name().equalsIgnoreCase(name)) {
          return mode;
        }
      }
      throw new IllegalArgumentException(
          "cortado.simd.loops must be auto, special or common, got " + name);
    }
  }

  /**
   * Vector operations after which a special loop is worth its compilation: some milliseconds of
   * work. A model that sees a single photo stays below.
   */
  static final long WORTH = 1 << 22;

  private static volatile Mode mode = Mode.named(System.getProperty("cortado.simd.loops", "auto"));

  private final L common;
  private final WarmUp commonWarmUp;
  private final Maker<L> maker;
  private @Nullable Special<L> made;
  private volatile @Nullable L ready;
  private volatile boolean asked;

  // Not synchronised: it does no harm to count too few.
  private long done;

  /**
   * A loop in two versions.
   *
   * @param common the loop for all sizes
   * @param commonWarmUp what brings it to full speed
   * @param maker makes the special loop, at most once
   */
  Tiers(L common, WarmUp commonWarmUp, Maker<L> maker) {
    this.common = common;
    this.commonWarmUp = commonWarmUp;
    this.maker = maker;
  }

  /** Runs {@code body} with a choice of loops, on whatever thread; for tests. */
  static void with(Mode mode, Runnable body) {
    var before = Tiers.mode;
    Tiers.mode = mode;
    try {
      body.run();
    } finally {
      Tiers.mode = before;
    }
  }

  /** Returns the loop to use for that many vector operations, which may be waited for. */
  L get(long operations) {
    var loop = ready;
    return loop != null && mode == Mode.AUTO ? loop : other(operations);
  }

  private L other(long operations) {
    if (mode == Mode.SPECIAL) {
      var special = special();
      WarmUp.before(operations, special.warmUps);
      return special.loop;
    }
    done += operations;
    if (done > WORTH && !asked && mode == Mode.AUTO) {
      ask();
    }
    commonWarmUp.before(operations);
    return common;
  }

  /** Returns the special loop, which is written if that has not been done yet. */
  synchronized Special<L> special() {
    if (made == null) {
      made = maker.make();
    }
    return made;
  }

  private synchronized void ask() {
    if (!asked) {
      asked = true;
      Background.prepare(this);
    }
  }

  /** Puts the special loop in its place; to be called when it is fast. */
  void becomeSpecial() {
    ready = special().loop;
  }
}
