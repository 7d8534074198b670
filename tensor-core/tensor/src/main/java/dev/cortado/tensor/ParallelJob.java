package dev.cortado.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One parallel call. The chunks are dealt out in runs of neighbours, one for each thread: so a
 * thread finds in its core's cache what it wrote there in the call before. Who is through with a
 * run of its own takes chunks from the ends of the others.
 *
 * <p>A job is never used again. A worker that comes late, even after the end, finds all runs empty.
 */
final class ParallelJob {
  private static final VarHandle RUNS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Longs from run to run: two cache lines, because processors fetch lines in pairs. */
  private static final int STEP = 16;

  private final int chunks;
  private final IntConsumer body;
  private final int parts;

  /** What is left of each run: the next chunk in the lower half, the end in the upper one. */
  private final long[] runs;

  private final AtomicInteger seats;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread caller = Thread.currentThread();
  private final long start = System.nanoTime();
  private volatile boolean callerParks;

  /** Whether a thread has become free when it was too early to wake it. */
  private volatile boolean offered;

  /** A job of the calling thread and at most {@code parts - 1} workers. */
  ParallelJob(int chunks, int parts, IntConsumer body) {
    this.chunks = chunks;
    this.parts = parts;
    this.body = body;
    this.seats = new AtomicInteger(parts - 1);
    this.runs = new long[(parts + 1) * STEP];
    for (int part = 0; part < parts; part++) {
      long from = (long) part * chunks / parts;
      long to = (part + 1L) * chunks / parts;
      runs[place(part)] = to << 32 | from;
    }
  }

  /**
   * Offers the job a thread that has become free. Returns whether it runs so long already that a
   * late helper may be worth it; if not, its caller comes back to the offer when it does.
   */
  boolean offer() {
    if (seats.get() <= 0) {
      return false;
    }
    if (isLong()) {
      return anythingLeft();
    }
    offered = true;
    return false;
  }

  private boolean isLong() {
    return System.nanoTime() - start > ParallelWorker.PATIENCE;
  }

  /** Returns how many more workers may join. */
  int seats() {
    return seats.get();
  }

  /** Takes a seat, if there is one and something to do; who has one calls {@link #work}. */
  boolean join() {
    return seats.get() > 0 && anythingLeft() && seats.getAndDecrement() > 0;
  }

  private boolean anythingLeft() {
    for (int part = 0; part < parts; part++) {
      long run = (long) RUNS.getVolatile(runs, place(part));
      if ((int) run < (int) (run >>> 32)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs chunks until none is left. Some may still be running on other threads then.
   *
   * @param home whose run to begin with: 0 for the caller, a number of its own for each worker
   */
  void work(int home) {
    int ran = 0;
    for (int i = 0; i < parts; i++) {
      int at = place((home + i) % parts);
      for (int chunk = draw(at, i == 0); chunk >= 0; chunk = draw(at, i == 0)) {
        if (home == 0 && offered) {
          comeBack();
        }
        run(chunk);
        ran++;
      }
    }
    if (ran > 0 && done.addAndGet(ran) == chunks && callerParks) {
      LockSupport.unpark(caller);
    }
  }

  /** Comes back to the offer of a thread, now that the job has turned out long. */
  private void comeBack() {
    if (isLong()) {
      offered = false;
      ParallelWorker.announce(seats.get());
    }
  }

  private static int place(int part) {
    return (part + 1) * STEP;
  }

  /** Takes a run's first chunk, or a stranger's last; returns -1 if the run is empty. */
  private int draw(int at, boolean own) {
    while (true) {
      long run = (long) RUNS.getVolatile(runs, at);
      int from = (int) run;
      int to = (int) (run >>> 32);
      if (from >= to) {
        return -1;
      }
      long rest = own ? run + 1 : run - (1L << 32);
      if (RUNS.compareAndSet(runs, at, run, rest)) {
        return own ? from : to - 1;
      }
    }
  }

  private void run(int chunk) {
    try {
      if (failure.get() == null) {
        body.accept(chunk);
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  /** Returns whether every chunk has ended. */
  boolean isDone() {
    return done.get() == chunks;
  }

  /** Parks the caller until every chunk has ended. */
  void park() {
    callerParks = true;
    boolean interrupted = false;
    while (!isDone()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      caller.interrupt();
    }
  }

  /** Throws what the first failing chunk threw. */
  void rethrow() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }
}
