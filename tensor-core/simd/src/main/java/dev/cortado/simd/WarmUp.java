package dev.cortado.simd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings a new loop to full speed before it is given much to do. The JIT compiler optimises a
 * method after some thousand calls; until then its vectors are objects and the loop is about a
 * hundred times slower, so that whatever it does meanwhile is not worth doing, and takes time from
 * the compiler. Hence a loop that is about to get work is called for nothing until the compiler
 * knows of it, and then waited for. Whether it is fast is found out by measuring a little work.
 *
 * <p>Results do not depend on it. If the compiler does not get to a loop in time, the loop is used
 * as it is.
 */
final class WarmUp {
  /** A generated loop that can be called for the sake of being called. */
  interface Loop {
    /**
     * Does a little work, all that the loop can do: what has never happened the compiler leaves
     * out.
     *
     * @param scratch zeros, to read and to write
     */
    void work(float[] scratch);

    /** Calls the loop with nothing to do. */
    void nothing(float[] scratch);

    /**
     * Calls the loop with next to nothing to do. Methods that are seldom called the compiler does
     * not put in place of their calls, but vectors can only be handed over as objects. So a loop
     * that calls methods (other than the Vector API's) has to call them here.
     */
    default void little(float[] scratch) {
      nothing(scratch);
    }
  }

  /** Vector operations a loop may do slowly: about as long as compiling it takes. */
  private static final long ENOUGH = 1 << 17;

  /** Time of a vector operation that is an instruction; as an object it takes ten times as long. */
  private static final long NANOSECONDS = 5;

  /** Time that measuring and calling may take. */
  private static final long OVERHEAD = 500;

  /** Calls for nothing at a time; the compiler wants 200, then 5000. */
  private static final int CALLS = 2500;

  /** How long to wait while nothing happens; and how often, before it is taken for hopeless. */
  private static final long PATIENCE = 1_000_000_000;

  private static final int DISAPPOINTMENTS = 4;

  private static final long SHORTEST_PAUSE = 250_000;
  private static final long LONGEST_PAUSE = 2_000_000;

  private static float[] scratch = new float[0];
  private static int disappointments;

  private final Loop loop;
  private final int operations;
  private final int floats;

  // Not synchronised: it does no harm to count too few, or to ask once more.
  private boolean over;
  private long slow;

  /**
   * A loop to be warmed up.
   *
   * @param loop the loop
   * @param operations vector operations in {@link Loop#work}, some hundred
   * @param floats size of its scratch array
   */
  WarmUp(Loop loop, int operations, int floats) {
    this.loop = loop;
    this.operations = operations;
    this.floats = floats;
  }

  /** Call before the loop does that many vector operations. */
  void before(long operations) {
    if (!over && isDue(operations)) {
      run(java.util.List.of(this));
    }
  }

  /** Call before several loops do that many vector operations together. */
  static void before(long operations, Collection<WarmUp> loops) {
    boolean due = false;
    for (var loop : loops) {
      due |= !loop.over && loop.isDue(operations);
    }
    if (due) {
      run(loops);
    }
  }

  private boolean isDue(long operations) {
    slow += operations;
    return slow > ENOUGH;
  }

  private static synchronized void run(Collection<WarmUp> loops) {
    var young = new ArrayList<>(loops);
    long last = System.nanoTime();
    for (long pause = SHORTEST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (young.removeIf(WarmUp::isOver)) {
        last = System.nanoTime();
      }
      if (young.isEmpty()) {
        return;
      }
      if (System.nanoTime() - last > PATIENCE || disappointments >= DISAPPOINTMENTS) {
        disappointments++;
        young.forEach(loop -> loop.over = true);
        return;
      }
      young.forEach(WarmUp::call);
      LockSupport.parkNanos(pause);
    }
  }

  private boolean isOver() {
    if (!over) {
      if (scratch.length < floats) {
        scratch = new float[floats];
      }
      long start = System.nanoTime();
      loop.work(scratch);
      over = System.nanoTime() - start < OVERHEAD + operations * NANOSECONDS;
    }
    return over;
  }

  private void call() {
    for (int i = 0; i < CALLS; i++) {
      if (i % 8 == 0) {
        loop.little(scratch);
      } else {
        loop.nothing(scratch);
      }
    }
  }
}
