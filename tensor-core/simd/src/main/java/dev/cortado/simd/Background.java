package dev.cortado.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes special loops and calls them for nothing until they are fast (see {@link
 * Tiers}). It computes nothing: results depend on it as little as on the JIT compiler, whose
 * threads it keeps busy.
 */
final class Background {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  /** How long a loop may take before it is given up, in nanoseconds. */
  private static final long PATIENCE = 10_000_000_000L;

  private static final long SHORTEST_PAUSE = 250_000;
  private static final long LONGEST_PAUSE = 4_000_000;

  private static final LinkedBlockingQueue<Tiers<?>> QUEUE = new LinkedBlockingQueue<>();

  static {
    var thread = new Thread(Background::run, "cortado-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private static float[] scratch = new float[0];

  private Background() {}

  /** Brings the special loop to full speed some time, and then puts it in its place. */
  static void prepare(Tiers<?> loop) {
    QUEUE.add(loop);
  }

  /** A loop that is being brought to full speed, since some time. */
  private record Task(Tiers<?> loop, long since) {
    /** Calls the loop; returns whether that is no longer necessary. */
    boolean isThrough() {
      try {
        boolean over = true;
        for (var warmUp : loop.special().warmUps()) {
          scratch = warmUp.grown(scratch);
          over &= warmUp.advance(scratch);
        }
        if (over) {
          loop.becomeSpecial();
        }
        return over || System.nanoTime() - since > PATIENCE;
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("a loop stays as slow as it is: {}", e.toString());
        return true;
      }
    }
  }

  private static void run() {
    // As many as the JIT compiler works on at a time, and one that it can begin with at once.
    int compilers = Jit.current().compilers();
    int most = compilers + 1;
    var young = new ArrayList<Task>();
    long pause = SHORTEST_PAUSE;
    while (true) {
      try {
        fill(young, most);
      } catch (InterruptedException e) {
        return; // nobody but a debugger does that
      }
      if (compilers == 1 && WarmUp.isSomebodyWaiting()) {
        LockSupport.parkNanos(SHORTEST_PAUSE); // who waits goes first
        continue;
      }
      boolean progress = young.removeIf(Task::isThrough);
      pause = progress ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
      LockSupport.parkNanos(pause);
    }
  }

  private static void fill(List<Task> young, int most) throws InterruptedException {
    while (young.size() < most) {
      var next = young.isEmpty() ? QUEUE.take() : QUEUE.poll();
      if (next == null) {
        return;
      }
      young.add(new Task(next, System.nanoTime()));
    }
  }
}
