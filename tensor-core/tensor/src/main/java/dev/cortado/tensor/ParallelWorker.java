package dev.cortado.tensor;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that helps whoever has posted a {@link ParallelJob}.
 *
 * <p>To wake a sleeping thread takes 10 to 50 µs, as long as many a kernel runs. So who has nothing
 * to do first watches out for work, and sleeps only after {@link #PATIENCE}; models post their jobs
 * faster than that. It watches only while there is a processor for it: not beside as many computing
 * threads as numeric work may use, not if that is more than the machine has, and not where other
 * programs are found to run on the same processor.
 */
final class ParallelWorker extends Thread {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** How long an idle thread keeps watching, in ns; a job that takes longer is a long one. */
  static final long PATIENCE = 200_000;

  /** How long of that it keeps its processor from other programs, in ns. */
  private static final long GREED = 50_000;

  /** Who has to wait so long for its turn, in ns, shares its processor with other programs. */
  private static final long TURN = 300_000;

  /** For so long afterwards, in ns, it sleeps at once: the system prefers threads that wake up. */
  private static final long TRUCE = 20_000_000;

  /** After the system has refused a thread, the next try comes so much later, in ns. */
  private static final long REFUSED = 1_000_000_000;

  /** Looks between two looks at the clock. */
  private static final int LOOKS = 16;

  /** Each woken thread wakes so many more. */
  private static final int FAN = 2;

  /** The jobs that workers may join. Whoever finds no place for a job does it alone. */
  private static final AtomicReferenceArray<ParallelJob> OPEN = new AtomicReferenceArray<>(32);

  /** Counts the occasions to look at the open jobs; idle workers watch this number. */
  private static final AtomicInteger NEWS = new AtomicInteger();

  private static final AtomicInteger CALLERS = new AtomicInteger();
  private static final AtomicInteger HELPERS = new AtomicInteger();
  private static final AtomicInteger SLEEPERS = new AtomicInteger();

  @SuppressWarnings("MutableStaticField") // copied on write
  private static volatile ParallelWorker[] workers = {};

  private static volatile long nextHire = System.nanoTime();

  private final int number;
  private final AtomicBoolean asleep = new AtomicBoolean();
  private long truceEnd = System.nanoTime();

  private ParallelWorker(int number) {
    super(null, null, "cortado-worker-" + number, 0, false);
    this.number = number;
    setDaemon(true);
  }

  /** Runs a job on the calling thread and on workers; returns when all chunks have ended. */
  static void run(ParallelJob job) {
    if (workers.length < Parallel.threads() - 1) {
      hire(Math.min(Parallel.threads() - 1, HELPERS.get() + job.seats()));
    }
    int place = open(job);
    try {
      job.work(0);
      if (!watch(job)) {
        job.park();
      }
    } finally {
      close(place);
    }
  }

  private static int open(ParallelJob job) {
    for (int i = 0; i < OPEN.length(); i++) {
      if (OPEN.get(i) == null && OPEN.compareAndSet(i, null, job)) {
        CALLERS.incrementAndGet();
        announce(job.seats());
        return i;
      }
    }
    return -1;
  }

  private static void close(int place) {
    if (place >= 0) {
      OPEN.set(place, null);
      if (CALLERS.decrementAndGet() > 0 && isWanted()) {
        // This thread's processor may be free for a while.
        announce(1);
      }
    }
  }

  /**
   * Offers the open jobs one thread more; returns whether one wants it at once. If all did, a crowd
   * of callers with short jobs would wake a worker at the end of each.
   */
  private static boolean isWanted() {
    for (int i = 0; i < OPEN.length(); i++) {
      var job = OPEN.get(i);
      if (job != null && job.offer()) {
        return true;
      }
    }
    return false;
  }

  /** Starts what is missing of so many workers; if the system has no more, those there are do. */
  private static void hire(int wanted) {
    if (workers.length < wanted && System.nanoTime() - nextHire >= 0) {
      synchronized (ParallelWorker.class) {
        try {
          while (workers.length < wanted) {
            var worker = new ParallelWorker(workers.length);
            var more = Arrays.copyOf(workers, workers.length + 1);
            more[worker.number] = worker;
            worker.start();
            workers = more;
          }
        } catch (OutOfMemoryError e) {
          nextHire = System.nanoTime() + REFUSED;
        }
      }
    }
  }

  /** Tells idle workers to look at the open jobs, and wakes some if as many are wanted. */
  static void announce(int wanted) {
    NEWS.incrementAndGet();
    if (SLEEPERS.get() > 0) {
      var all = workers;
      int threads = Parallel.threads();
      int rest = Math.min(Math.min(wanted, FAN), threads - CALLERS.get() - HELPERS.get());
      for (int i = 0; i < Math.min(all.length, threads - 1) && rest > 0; i++) {
        if (all[i].rouse()) {
          LockSupport.unpark(all[i]);
          rest--;
        }
      }
    }
  }

  @Override
  public void run() {
    while (true) {
      int news = NEWS.get();
      if (!help()) {
        await(news);
      }
    }
  }

  /** Works for one of the open jobs; returns whether there was one to join. */
  private boolean help() {
    for (int i = 0; i < OPEN.length() && mayHelp(); i++) {
      var job = OPEN.get(i);
      if (job != null && job.seats() > 0 && help(job)) {
        return true;
      }
    }
    return false;
  }

  private boolean help(ParallelJob job) {
    HELPERS.incrementAndGet();
    boolean joined = job.join();
    if (joined) {
      int rest = job.seats();
      if (rest > 0) {
        announce(rest);
      }
      // A chunk may have left this thread interrupted; that is no business of the next job.
      Thread.interrupted();
      job.work(number + 1);
    }
    HELPERS.decrementAndGet();
    if (number >= Parallel.threads() - 1) {
      // No longer needed, but it may just have taken the place of one who is.
      announce(1);
    }
    return joined;
  }

  /** Returns whether numeric work may use one more thread. */
  private boolean mayHelp() {
    int threads = Parallel.threads();
    return number < threads - 1 && CALLERS.get() + HELPERS.get() < threads;
  }

  private void await(int news) {
    boolean needed = number < Parallel.threads() - 1;
    if (needed && System.nanoTime() - truceEnd >= 0 && watch(news)) {
      return;
    }
    asleep.set(true);
    SLEEPERS.incrementAndGet();
    while (asleep.get() && NEWS.get() == news) {
      LockSupport.park(this);
      // An interrupted thread would not be parked again.
      Thread.interrupted();
    }
    rouse();
  }

  private boolean rouse() {
    boolean slept = asleep.compareAndSet(true, false);
    if (slept) {
      SLEEPERS.decrementAndGet();
    }
    return slept;
  }

  /** Watches for news, as long as that is worth it and harms nobody; returns whether there is. */
  private boolean watch(int news) {
    long start = System.nanoTime();
    long now = start;
    while (now - start < PATIENCE && processorFor(0)) {
      for (int i = 0; i < LOOKS; i++) {
        if (NEWS.get() != news) {
          return true;
        }
        Thread.onSpinWait();
      }
      if (now - start > GREED) {
        Thread.yield();
      }
      long last = now;
      now = System.nanoTime();
      if (now - last > TURN) {
        truceEnd = now + TRUCE;
        break;
      }
    }
    return NEWS.get() != news;
  }

  /** Lets the caller of a job watch for its end; returns whether it has come. */
  private static boolean watch(ParallelJob job) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE && processorFor(1)) {
      for (int i = 0; i < LOOKS; i++) {
        if (job.isDone()) {
          return true;
        }
        Thread.onSpinWait();
      }
    }
    return job.isDone();
  }

  /**
   * Returns whether a thread may watch without taking a processor from numeric work.
   *
   * @param own how many of the callers that compute are this thread
   */
  private static boolean processorFor(int own) {
    int threads = Parallel.threads();
    return threads <= CORES && CALLERS.get() - own + HELPERS.get() < threads;
  }
}
