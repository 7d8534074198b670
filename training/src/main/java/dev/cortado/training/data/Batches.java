package dev.cortado.training.data;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.data.BatchReader.Outcome;
import dev.cortado.training.data.BatchReader.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One epoch's batches, in order, read ahead by worker threads.
 *
 * <p>Workers take single samples, so that all of them help with the batch that is wanted next; they
 * stay at most {@link LoaderOptions#prefetch()} batches ahead of the consumer and wait there, so
 * that reading neither fills the memory nor takes the processors from the arithmetic for long. One
 * thread may consume.
 *
 * @param <B> a batch
 */
public final class Batches<B> implements Iterator<B>, AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final Plan<B> plan;
  private final int batchSize;
  private final List<Thread> workers = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  // All below are guarded by the lock.
  private final Map<Integer, Outcome<B>> outcomes = new HashMap<>();
  private int claimed;
  private int delivered;
  private boolean closed;
  private @Nullable Throwable fatal;

  private boolean anyBatch;
  private @Nullable B upcoming;

  Batches(Plan<B> plan) {
    this.plan = plan;
    batchSize = plan.options().batchSize();
    int threads = Math.min(plan.options().workers(), plan.samples());
    for (int i = 0; i < threads; i++) {
      var thread = new Thread(this::work, "cortado-loader-" + i);
      thread.setDaemon(true);
      workers.add(thread);
    }
    workers.forEach(Thread::start);
  }

  /**
   * Waits until the next batch is there or the epoch has ended.
   *
   * @throws CortadoException if a sample cannot be read and the options say that this stops the
   *     run, or if not one sample of the epoch could be read
   * @throws RuntimeException or Error what the dataset or the collating function threw otherwise
   */
  @Override
  public boolean hasNext() {
    while (upcoming == null) {
      if (delivered >= plan.batches().size() || isClosed()) {
        close();
        return false;
      }
      try {
        accept(await(delivered));
      } catch (Throwable problem) {
        close();
        throw problem;
      }
    }
    return true;
  }

  /** The next batch; never empty, smaller than the others if it is the last or samples were bad. */
  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has no more batches");
    }
    var batch = Objects.requireNonNull(upcoming);
    upcoming = null;
    return batch;
  }

  /** Ends the workers and waits until they are gone; harmless when repeated. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      outcomes.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    boolean interrupted = false;
    for (var worker : workers) {
      try {
        // A reader that hangs must not hang the run as well: its thread is a daemon.
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        worker.join(Math.max(1, left));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void accept(Outcome<B> outcome) {
    switch (outcome) {
      case Outcome.Ready<B>(var batch) -> {
        upcoming = batch;
        anyBatch = true;
      }
      case Outcome.Failed<B>(var problem) -> rethrow(problem);
      case Outcome.Empty<B>(var first) -> {
        if (!anyBatch && delivered == plan.batches().size()) {
          var example =
              first == null ? "" : "; one of them: " + first.name() + ": " + first.reason();
          throw new CortadoException(
              "not one of the %d samples could be read%s".formatted(plan.samples(), example));
        }
      }
    }
  }

  private static void rethrow(Throwable problem) {
    switch (problem) {
      case RuntimeException fault -> throw fault;
      case Error error -> throw error;
      default -> throw new IllegalStateException(problem);
    }
  }

  /** Waits for one batch and makes room for another. */
  private Outcome<B> await(int batch) {
    if (workers.isEmpty()) {
      while (!hasArrived(batch)) {
        fill(claim());
      }
    }
    try {
      lock.lockInterruptibly();
      try {
        while (!outcomes.containsKey(batch)) {
          if (fatal != null) {
            rethrow(fatal);
          }
          arrived.await();
        }
        delivered++;
        room.signalAll();
        return Objects.requireNonNull(outcomes.remove(batch));
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CortadoException("interrupted while waiting for batch " + batch, e);
    }
  }

  private boolean hasArrived(int batch) {
    lock.lock();
    try {
      return outcomes.containsKey(batch);
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (int position = claim(); position >= 0; position = claim()) {
        fill(position);
      }
    } catch (Throwable thrown) {
      // Memory may run out anywhere; the consumer must not wait for a worker that is gone.
      lock.lock();
      try {
        fatal = thrown;
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The next sample to read, or -1 when there is none left to read. */
  private int claim() {
    lock.lock();
    try {
      while (!closed
          && claimed < plan.samples()
          && claimed / batchSize >= delivered + plan.options().prefetch()) {
        room.awaitUninterruptibly();
      }
      return closed || claimed == plan.samples() ? -1 : claimed++;
    } finally {
      lock.unlock();
    }
  }

  private void fill(int position) {
    int batch = position / batchSize;
    var work = Objects.requireNonNull(plan.batches().get(batch));
    if (!work.read(position % batchSize)) {
      return;
    }
    var outcome = work.join();
    plan.batches().set(batch, null);
    lock.lock();
    try {
      if (!closed) {
        outcomes.put(batch, outcome);
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
