package dev.cortado.tensor;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Spreads numeric work over the cores. Work comes as numbered chunks that are cut <em>by size,
 * never by the number of threads</em>; who runs a chunk is decided at run time, what it computes is
 * not. So results do not depend on the thread count.
 */
public final class Parallel {
  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final ExecutorService WORKERS =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "cortado-worker");
            thread.setDaemon(true);
            return thread;
          });
  private static volatile int threads = Integer.getInteger("cortado.threads", CORES);

  private Parallel() {}

  /** Returns how many threads numeric work uses at most. */
  public static int threads() {
    return threads;
  }

  /**
   * Sets how many threads numeric work uses at most, for the whole process.
   *
   * @throws CortadoException if {@code count} is less than 1
   */
  public static void setThreads(int count) {
    if (count < 1) {
      throw new CortadoException("threads must be at least 1, got " + count);
    }
    threads = count;
  }

  /** Runs {@code body} with {@code count} threads and restores the former number afterwards. */
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
    int helpers = Math.min(threads, chunks) - 1;
    if (helpers <= 0 || INSIDE.get()) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        body.accept(chunk);
      }
      return;
    }
    var job = new Job(chunks, body);
    for (int i = 0; i < helpers; i++) {
      WORKERS.execute(job);
    }
    job.work();
    job.await();
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

  /** One parallel call: threads draw chunk numbers until none is left. */
  private static final class Job implements Runnable {
    private final int chunks;
    private final IntConsumer body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();

    Job(int chunks, IntConsumer body) {
      this.chunks = chunks;
      this.body = body;
    }

    @Override
    public void run() {
      work();
    }

    void work() {
      INSIDE.set(true);
      try {
        for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
          runChunk(chunk);
        }
      } finally {
        INSIDE.set(false);
      }
    }

    private void runChunk(int chunk) {
      try {
        if (failure.get() == null) {
          body.accept(chunk);
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      } finally {
        if (done.incrementAndGet() == chunks && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await() {
      // Chunks are short: spinning a little is cheaper than parking, and parking protects a busy
      // machine.
      for (int spin = 0; done.get() < chunks; spin++) {
        if (spin < 5000) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new IllegalStateException(t);
      }
    }
  }
}
