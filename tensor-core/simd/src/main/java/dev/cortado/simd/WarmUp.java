package dev.cortado.simd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
     * @param scratch to read and to write: zeros at first
     */
    void work(float[] scratch);

    /** Calls the loop with nothing to do; the array holds whatever is left of earlier work. */
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

  /** Times of calling before it is worth looking whether the compiler is through. */
  private static final int FIRST = 2;

  /** Times of calling, one of which is with next to nothing to do. */
  private static final int SELDOM = 4;

  /** How long to wait while nothing happens, before a loop is taken for hopeless. */
  private static final long PATIENCE = 600_000_000;

  /**
   * How long to wait in vain for one loop after the other. From then on, until a loop comes up to
   * speed, the compiler is trusted to take its time or to be off, and waited for less.
   */
  private static final long MOST_IN_VAIN = 5_000_000_000L;

  private static final long SHORT_PATIENCE = PATIENCE / 10;

  private static final long SHORTEST_PAUSE = 250_000;
  private static final long LONGEST_PAUSE = 2_000_000;

  private static final AtomicInteger WAITING = new AtomicInteger();

  private static float[] scratch = new float[0];
  private static long inVain;

  private final Loop loop;
  private final int operations;
  private final int floats;

  // Not synchronised: it does no harm to count too few, or to ask once more.
  private boolean over;
  private long slow;
  private int rounds;

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
      run(List.of(this));
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

  Loop loop() {
    return loop;
  }

  /** Returns the size of the array that the loop works on. */
  int floats() {
    return floats;
  }

  /** Whether it is known that the loop is fast, or will never be. */
  boolean isOver() {
    return over;
  }

  /** Tells whether somebody is waiting for a loop just now. */
  static boolean isSomebodyWaiting() {
    return WAITING.get() > 0;
  }

  private static void run(Collection<WarmUp> loops) {
    WAITING.incrementAndGet();
    try {
      callUntilFast(loops);
    } finally {
      WAITING.decrementAndGet();
    }
  }

  private static void callUntilFast(Collection<WarmUp> loops) {
    var young = new ArrayList<>(loops);
    boolean interrupted = false;
    long last = System.nanoTime();
    for (long pause = SHORTEST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      synchronized (WarmUp.class) {
        long start = System.nanoTime();
        for (var loop : young) {
          scratch = loop.grown(scratch);
        }
        if (young.removeIf(loop -> loop.advance(scratch))) {
          last = System.nanoTime();
        } else {
          giveUp(young, start - last);
          young.removeIf(WarmUp::isOver);
        }
      }
      if (young.isEmpty()) {
        break;
      }
      // Nobody could sleep with that flag set.
      interrupted |= Thread.interrupted();
      LockSupport.parkNanos(pause);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes loops for hopeless that have been waited for too long. */
  private static void giveUp(Collection<WarmUp> loops, long waited) {
    if (waited > (inVain > MOST_IN_VAIN ? SHORT_PATIENCE : PATIENCE)) {
      inVain += waited;
      loops.forEach(loop -> loop.over = true);
    }
  }

  /** Returns an array that is large enough for this loop: {@code scratch} or a new one. */
  float[] grown(float[] scratch) {
    return scratch.length < floats ? new float[floats] : scratch;
  }

  /** Calls the loop unless that is no longer necessary, and returns whether that is so. */
  boolean advance(float[] scratch) {
    if (!over && (rounds < FIRST || !isFast(scratch))) {
      call(scratch, rounds % SELDOM < FIRST);
      rounds++;
    }
    return over;
  }

  private boolean isFast(float[] scratch) {
    if (!over) {
      // Zeros: numbers of any kind may be slow, as subnormal ones are.
      Arrays.fill(scratch, 0, floats, 0f);
      long start = System.nanoTime();
      loop.work(scratch);
      over = System.nanoTime() - start < OVERHEAD + operations * NANOSECONDS;
      if (over) {
        inVain = 0;
      }
    }
    return over;
  }

  /** Calls the loop; not always with something to do, for that keeps the compiler busy, too. */
  private void call(float[] scratch, boolean little) {
    for (int i = 0; i < CALLS; i++) {
      if (little && i % 8 == 0) {
        loop.little(scratch);
      } else {
        loop.nothing(scratch);
      }
    }
  }
}
