package dev.cortado.tensor;

import java.util.function.IntConsumer;

/**
 * Spreads numeric work over the cores. Work comes as numbered chunks that are cut <em>by size,
 * never by the number of threads</em>; who runs a chunk is decided at run time, what it computes is
 * not. So results do not depend on the thread count.
 */
public final class Parallel {
  private static final ThreadLocal<boolean[]> INSIDE =
      ThreadLocal.withInitial(() -> new boolean[1]);
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static volatile int threads = Integer.getInteger("cortado.threads", CORES);

  private Parallel() {}

  /** Returns how many threads a call uses at most: its caller and workers. */
  public static int threads() {
    return threads;
  }

  /**
   * Sets how many threads a call uses at most: its caller and workers. The number holds for calls
   * that begin from now on, on whatever thread. Calls at the same time share the workers; callers
   * beyond this number work alone.
   *
   * @throws CortadoException if {@code count} is less than 1
   */
  public static void setThreads(int count) {
    if (count < 1) {
      throw new CortadoException("threads must be at least 1, got " + count);
    }
    threads = count;
  }

  /**
   * Runs {@code body} with {@link #setThreads setThreads(count)} and restores the former number
   * afterwards.
   */
  public static void withThreads(int count, Runnable body) {
    int before = threads;
    setThreads(count);
    try {
      body.run();
    } finally {
      threads = before;
    }
  }

  /**
   * Runs {@code body} for every chunk number {@code 0 … chunks-1} and returns when all have ended.
   * Chunks run in any order, on the caller's thread and on workers; a call from inside a chunk runs
   * serially. The first exception of a chunk is thrown again here.
   */
  public static void run(int chunks, IntConsumer body) {
    int parts = Math.min(threads, chunks);
    if (parts <= 1 || Thread.currentThread() instanceof ParallelWorker) {
      serially(chunks, body);
      return;
    }
    boolean[] inside = INSIDE.get();
    if (inside[0]) {
      serially(chunks, body);
      return;
    }
    inside[0] = true;
    try {
      var job = new ParallelJob(chunks, parts, body);
      ParallelWorker.run(job);
      job.rethrow();
    } finally {
      inside[0] = false;
    }
  }

  private static void serially(int chunks, IntConsumer body) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      body.accept(chunk);
    }
  }

  /**
   * Cuts {@code size} items into chunks of {@code chunk} items and runs {@code body(from, to)} for
   * each; see {@link #run}.
   */
  public static void ranges(int size, int chunk, RangeBody body) {
    int chunks = (int) (((long) size + chunk - 1) / chunk);
    run(chunks, c -> body.accept(c * chunk, (int) Math.min(size, (c + 1L) * chunk)));
  }

  /** Work on the items {@code from … to-1}. */
  @FunctionalInterface
  public interface RangeBody {
    /** Does the items {@code from} (inclusive) to {@code to} (exclusive). */
    void accept(int from, int to);
  }
}
