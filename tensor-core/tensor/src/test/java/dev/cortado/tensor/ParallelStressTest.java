package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many jobs, many callers, and what goes wrong between them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParallelStressTest {
  private int before;

  @BeforeEach
  void remember() {
    before = Parallel.threads();
  }

  @AfterEach
  void restore() {
    Parallel.setThreads(before);
  }

  /** A job that a worker gets hold of too late, or twice, would lose or repeat a chunk. */
  @Test
  void noneOfManyTinyJobsLosesAChunk() {
    for (int threads : new int[] {2, 3, 5}) {
      Parallel.setThreads(threads);
      countTinyJobs(50_000);
    }
  }

  private static void countTinyJobs(int jobs) {
    int[] runs = new int[7 * 16];
    for (int job = 1; job <= jobs; job++) {
      int chunks = 2 + job % 6;
      Parallel.run(chunks, chunk -> runs[chunk * 16]++);
    }
    for (int chunk = 0; chunk < 7; chunk++) {
      int expected = 0;
      for (int job = 1; job <= jobs; job++) {
        expected += chunk < 2 + job % 6 ? 1 : 0;
      }
      assertThat(runs[chunk * 16]).as("runs of chunk %d", chunk).isEqualTo(expected);
    }
  }

  /**
   * What the chunks wrote is there when the call returns; what the caller wrote, before they run.
   */
  @Test
  void chunksSeeTheCallerAndTheCallerSeesTheChunks() {
    Parallel.setThreads(3);
    int[] from = new int[64];
    int[] to = new int[64];
    for (int job = 0; job < 20_000; job++) {
      Arrays.fill(from, job);
      Parallel.run(64, chunk -> to[chunk] = from[chunk] + chunk);
      for (int chunk = 0; chunk < 64; chunk++) {
        if (to[chunk] != job + chunk) {
          throw new AssertionError("job " + job + " chunk " + chunk + " has " + to[chunk]);
        }
      }
    }
  }

  @Test
  void manyCallersAtATimeEachGetTheirResults() throws Exception {
    Parallel.setThreads(3);
    var calls = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 40; i++) {
      calls.add(() -> sums(2_000));
    }
    try (var callers = Executors.newCachedThreadPool()) {
      for (var result : callers.invokeAll(calls)) {
        assertThat(result.get()).isEqualTo(2_000 * 120);
      }
    }
  }

  private static int sums(int jobs) {
    int[] parts = new int[16];
    int total = 0;
    for (int job = 0; job < jobs; job++) {
      Parallel.run(16, chunk -> parts[chunk] = chunk);
      total += Arrays.stream(parts).sum();
      Arrays.fill(parts, 0);
    }
    return total;
  }

  /** Workers that are held up by one caller do not hold up another. */
  @Test
  void aCallerIsDoneEvenIfAllWorkersAreBusy() throws Exception {
    Parallel.setThreads(2);
    var bothInside = new CountDownLatch(2);
    var release = new CountDownLatch(1);
    try (var others = Executors.newCachedThreadPool()) {
      var blocked =
          others.submit(
              () ->
                  Parallel.run(
                      2,
                      chunk -> {
                        bothInside.countDown();
                        await(release);
                      }));
      try {
        await(bothInside);
        assertThat(sums(100)).isEqualTo(100 * 120);
        assertThat(blocked.isDone()).isFalse();
      } finally {
        release.countDown();
      }
      blocked.get();
    }
  }

  private static void await(CountDownLatch latch) {
    assertThat(await(latch, 60_000)).isTrue();
  }

  /** Who began when there were callers enough is helped when they have gone, however early. */
  @Test
  void aLongJobIsHelpedOnceTheOtherCallersHaveGone() throws Exception {
    Parallel.setThreads(2);
    for (int i = 0; i < 10; i++) {
      runALongJobBesideOneThatEnds();
    }
  }

  private static void runALongJobBesideOneThatEnds() throws Exception {
    var workerIsFree = new CountDownLatch(1);
    var end = new AtomicBoolean();
    try (var others = Executors.newCachedThreadPool()) {
      var ending =
          others.submit(
              () ->
                  Parallel.run(
                      2,
                      chunk -> {
                        while (chunk == 0 && !end.get()) {
                          Thread.onSpinWait();
                        }
                        workerIsFree.countDown();
                      }));
      try {
        await(workerIsFree);
        // Enough for the worker to fall asleep.
        Thread.sleep(10);
        var caller = Thread.currentThread();
        var helped = new CountDownLatch(1);
        Parallel.run(
            10_000,
            chunk -> {
              end.set(true);
              if (Thread.currentThread() != caller) {
                helped.countDown();
              }
              await(helped, 1);
            });
        assertThat(helped.getCount()).isZero();
      } finally {
        end.set(true);
      }
      ending.get();
    }
  }

  private static boolean await(CountDownLatch latch, int millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Once the callers together are as many as threads, nobody is asked for help; later, again. */
  @Test
  void workersComeBackAfterACrowd() throws Exception {
    Parallel.setThreads(2);
    manyCallersAtATimeEachGetTheirResults();
    Parallel.setThreads(2);
    for (int i = 0; i < 20; i++) {
      bothRun();
    }
  }

  /** A job whose two chunks wait for each other ends only if a second thread takes part. */
  private static void bothRun() {
    var both = new CountDownLatch(2);
    Parallel.run(
        2,
        chunk -> {
          both.countDown();
          await(both);
        });
  }

  @Test
  void sleepingWorkersWakeUp() throws InterruptedException {
    Parallel.setThreads(2);
    for (int pause : new int[] {0, 1, 5, 0, 20, 0}) {
      for (int i = 0; i < 30; i++) {
        bothRun();
        Thread.sleep(pause);
      }
    }
  }

  @Test
  void everyThreadTakesPart() {
    for (int threads : new int[] {5, 2, 4}) {
      Parallel.setThreads(threads);
      for (int i = 0; i < 50; i++) {
        var all = new CountDownLatch(threads);
        Parallel.run(
            threads,
            chunk -> {
              all.countDown();
              await(all);
            });
      }
    }
  }

  @Test
  void noMoreThreadsThanAsked() {
    Parallel.setThreads(6);
    Parallel.run(6, chunk -> {});
    Parallel.setThreads(2);
    for (int job = 0; job < 500; job++) {
      var now = new AtomicInteger();
      var most = new AtomicInteger();
      Parallel.run(
          50,
          chunk -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            now.decrementAndGet();
          });
      assertThat(most.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void theNumberOfThreadsMayChangeWhileJobsRun() throws Exception {
    var stop = new AtomicBoolean();
    try (var others = Executors.newCachedThreadPool()) {
      var changing =
          others.submit(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  Parallel.setThreads(1 + i % 4);
                  Thread.onSpinWait();
                }
              });
      try {
        var second = others.submit(() -> sums(20_000));
        assertThat(sums(20_000)).isEqualTo(20_000 * 120);
        assertThat(second.get()).isEqualTo(20_000 * 120);
      } finally {
        stop.set(true);
      }
      changing.get();
    }
  }

  @Test
  void everyFailureReachesItsOwnCaller() throws Exception {
    Parallel.setThreads(3);
    var calls = new ArrayList<Callable<Void>>();
    for (int i = 0; i < 6; i++) {
      int caller = i;
      calls.add(
          () -> {
            for (int job = 0; job < 500; job++) {
              fail("caller " + caller, job % 20);
              assertThat(sums(1)).isEqualTo(120);
            }
            return null;
          });
    }
    try (var callers = Executors.newCachedThreadPool()) {
      for (var result : callers.invokeAll(calls)) {
        result.get();
      }
    }
  }

  private static void fail(String message, int failing) {
    assertThatThrownBy(
            () ->
                Parallel.run(
                    20,
                    chunk -> {
                      if (chunk == failing) {
                        throw new CortadoException(message);
                      }
                    }))
        .isInstanceOf(CortadoException.class)
        .hasMessage(message);
  }

  @Test
  void errorsAreThrownAgainAsWhatTheyAre() {
    Parallel.setThreads(2);
    var error = new OutOfMemoryError("for example");
    assertThatThrownBy(
            () ->
                Parallel.run(
                    8,
                    chunk -> {
                      throw error;
                    }))
        .isSameAs(error);
    bothRun();
  }

  /** After a failure no chunk runs on beside the caller that has been told of it. */
  @Test
  void nothingRunsAfterTheCallHasFailed() {
    Parallel.setThreads(3);
    for (int job = 0; job < 300; job++) {
      var inside = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      30,
                      chunk -> {
                        inside.incrementAndGet();
                        try {
                          if (chunk == 3) {
                            throw new CortadoException("three");
                          }
                          Thread.onSpinWait();
                        } finally {
                          inside.decrementAndGet();
                        }
                      }))
          .hasMessage("three");
      assertThat(inside.get()).isZero();
    }
  }

  @Test
  void anInterruptedCallerStaysInterruptedAndWaitsAllTheSame() throws Exception {
    Parallel.setThreads(2);
    try (var others = Executors.newCachedThreadPool()) {
      var interrupted =
          others.submit(
              () -> {
                var other = new AtomicBoolean();
                var both = new CountDownLatch(2);
                Thread.currentThread().interrupt();
                var caller = Thread.currentThread();
                Parallel.run(
                    2,
                    chunk -> {
                      both.countDown();
                      if (Thread.currentThread() == caller) {
                        while (both.getCount() > 0) {
                          Thread.onSpinWait();
                        }
                      } else {
                        await(both);
                        sleep(30);
                        other.set(true);
                      }
                    });
                assertThat(other).isTrue();
                assertThat(Thread.interrupted()).isTrue();
              });
      interrupted.get();
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void workersAreDaemonsAndUseNoProcessorWhenThereIsNothingToDo() throws InterruptedException {
    Parallel.setThreads(4);
    countTinyJobs(1_000);
    var workers = workers();
    assertThat(workers).hasSizeGreaterThanOrEqualTo(3).allMatch(Thread::isDaemon);
    assertTheySleep(workers);
  }

  /** An interrupted thread cannot be parked: it would use its processor for ever. */
  @Test
  void aWorkerThatAChunkHasInterruptedSleepsAndForgetsIt() throws InterruptedException {
    Parallel.setThreads(2);
    var caller = Thread.currentThread();
    for (int i = 0; i < 5; i++) {
      var both = new CountDownLatch(2);
      var stillInterrupted = new AtomicBoolean();
      Parallel.run(
          2,
          chunk -> {
            if (Thread.currentThread() != caller) {
              stillInterrupted.set(Thread.interrupted());
            }
            both.countDown();
            await(both);
            if (Thread.currentThread() != caller) {
              Thread.currentThread().interrupt();
            }
          });
      assertThat(stillInterrupted).isFalse();
    }
    assertTheySleep(workers());
    workers().forEach(Thread::interrupt);
    assertTheySleep(workers());
  }

  private static List<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cortado-worker"))
        .toList();
  }

  private static void assertTheySleep(List<Thread> workers) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!workers.stream().allMatch(t -> t.getState() == Thread.State.WAITING)
        && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    var bean = ManagementFactory.getThreadMXBean();
    long[] used = workers.stream().mapToLong(t -> bean.getThreadCpuTime(t.threadId())).toArray();
    Thread.sleep(300);
    for (int i = 0; i < used.length; i++) {
      assertThat(bean.getThreadCpuTime(workers.get(i).threadId()) - used[i])
          .as("ns of processor time in 300 ms")
          .isLessThan(TimeUnit.MILLISECONDS.toNanos(5));
      assertThat(workers.get(i).getState()).isEqualTo(Thread.State.WAITING);
    }
  }

  @Test
  void virtualThreadsMayCall() throws InterruptedException, ExecutionException {
    Parallel.setThreads(2);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(() -> sums(1_000));
      var second = callers.submit(() -> sums(1_000));
      assertThat(first.get()).isEqualTo(1_000 * 120);
      assertThat(second.get()).isEqualTo(1_000 * 120);
    }
  }
}
