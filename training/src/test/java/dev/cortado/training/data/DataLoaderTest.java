package dev.cortado.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DataLoaderTest {

  private record Sample(int index, long random) {}

  private static Dataset<Sample> numbers(int size) {
    return Dataset.of(size, i -> "photo" + i + ".jpg", (i, key) -> new Sample(i, key.word(0)));
  }

  private static <B> List<B> drain(DataLoader<?, B> loader, int epoch) {
    var all = new ArrayList<B>();
    try (var batches = loader.epoch(epoch)) {
      batches.forEachRemaining(all::add);
    }
    return all;
  }

  private static List<Thread> loaderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("cortado-loader-") && t.isAlive())
        .toList();
  }

  @Test
  void randomNumbersChangeWithTheEpochAndNotWithTheOrder() {
    var options = LoaderOptions.of(8).withSeed(3);
    var sequential = new DataLoader<>(numbers(20), List::copyOf, options);
    var shuffled = new DataLoader<>(numbers(20), List::copyOf, options.shuffled(3));
    assertThat(drain(sequential, 0).stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            drain(shuffled, 0).stream().flatMap(List::stream).toList());
    assertThat(drain(sequential, 1)).isNotEqualTo(drain(sequential, 0));
  }

  @Test
  void dropLastLeavesAnIncompleteBatchOut() {
    var loader = new DataLoader<>(numbers(25), List::size, LoaderOptions.of(10).withDropLast(true));
    assertThat(drain(loader, 0)).containsExactly(10, 10);
    assertThat(loader.batches()).isEqualTo(2);
    assertThat(loader.samples()).isEqualTo(20);
    var whole = new DataLoader<>(numbers(25), List::size, LoaderOptions.of(10));
    assertThat(drain(whole, 0)).containsExactly(10, 10, 5);
    assertThat(whole.batches()).isEqualTo(3);
  }

  @Test
  void refusesADatasetWithoutABatch() {
    assertThatThrownBy(() -> new DataLoader<>(numbers(0), List::size, LoaderOptions.of(2)))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("empty");
    var options = LoaderOptions.of(8).withDropLast(true);
    assertThatThrownBy(() -> new DataLoader<>(numbers(5), List::size, options))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "a dataset of 5 samples has no full batch of 8, and incomplete ones are dropped");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -3})
  void refusesImpossibleNumbers(int batchSize) {
    assertThatThrownBy(() -> LoaderOptions.of(batchSize))
        .isInstanceOf(CortadoException.class)
        .hasMessage("batch size must be at least 1, got " + batchSize);
  }

  private static Dataset<Integer> withBad(int size, Set<Integer> bad, RuntimeException problem) {
    return Dataset.of(
        size,
        i -> "photo" + i + ".jpg",
        (i, _) -> {
          if (bad.contains(i)) {
            throw problem;
          }
          return i;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void badSamplesAreSkippedAndListed(int workers) {
    var io = new UncheckedIOException(new IOException("truncated JPEG"));
    var loader =
        new DataLoader<>(
            withBad(10, Set.of(2, 4, 5), io),
            List::copyOf,
            LoaderOptions.of(2).withWorkers(workers));
    // The batch of two bad samples is left out; nothing moves from one batch into another.
    var expected = List.of(List.of(0, 1), List.of(3), List.of(6, 7), List.of(8, 9));
    assertThat(drain(loader, 0)).isEqualTo(expected);
    assertThat(drain(loader, 1)).isEqualTo(expected);
    assertThat(loader.skipped())
        .containsExactly(
            new Skipped("photo2.jpg", "truncated JPEG"),
            new Skipped("photo4.jpg", "truncated JPEG"),
            new Skipped("photo5.jpg", "truncated JPEG"));
  }

  @Test
  void anEpochOfBadSamplesIsAnError() {
    var loader =
        new DataLoader<>(
            withBad(5, Set.of(0, 1, 2, 3, 4), new CortadoException("no image")),
            List::copyOf,
            LoaderOptions.of(2));
    assertThatThrownBy(() -> drain(loader, 0))
        .isInstanceOf(CortadoException.class)
        .hasMessage("not one of the 5 samples could be read; one of them: photo4.jpg: no image");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void aBadSampleStopsTheRunByName(int workers) {
    var loader =
        new DataLoader<>(
            withBad(10, Set.of(5, 7), new CortadoException("truncated JPEG")),
            List::copyOf,
            LoaderOptions.of(2).withWorkers(workers).withBadSamples(BadSamples.FAIL));
    try (var batches = loader.epoch(0)) {
      assertThat(batches.next()).containsExactly(0, 1);
      assertThat(batches.next()).containsExactly(2, 3);
      assertThatThrownBy(batches::hasNext)
          .isInstanceOf(CortadoException.class)
          .hasMessage("cannot read photo5.jpg: truncated JPEG");
      assertThat(batches.hasNext()).isFalse();
    }
    assertThat(loader.skipped()).isEmpty();
    assertThat(loaderThreads()).isEmpty();
  }

  @Test
  void aMessageThatNamesTheSampleIsNotNamedTwice() {
    var loader =
        new DataLoader<>(
            withBad(3, Set.of(1), new CortadoException("photo1.jpg is no image")),
            List::copyOf,
            LoaderOptions.of(2).withBadSamples(BadSamples.FAIL));
    assertThatThrownBy(() -> drain(loader, 0)).hasMessage("photo1.jpg is no image");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aFaultOfTheProgramIsNeverSkipped(int workers) {
    var fault = new IllegalStateException("bug");
    var loader =
        new DataLoader<>(
            withBad(6, Set.of(3), fault), List::copyOf, LoaderOptions.of(2).withWorkers(workers));
    assertThatThrownBy(() -> drain(loader, 0)).isSameAs(fault);
    assertThat(fault.getSuppressed())
        .anyMatch(s -> s.getMessage().equals("while reading photo3.jpg"));
    assertThat(loader.skipped()).isEmpty();
  }

  @Test
  void aSampleThatIsNullAndAFailingCollationAreFaults() {
    Dataset<Sample> nulls = Dataset.of(3, i -> "s" + i, (_, _) -> nothing());
    var loader = new DataLoader<>(nulls, List::copyOf, LoaderOptions.of(2));
    assertThatThrownBy(() -> drain(loader, 0)).isInstanceOf(NullPointerException.class);
    var failing =
        new DataLoader<Sample, Object>(
            numbers(3),
            _ -> {
              throw new IllegalStateException("cannot stack");
            },
            LoaderOptions.of(2));
    assertThatThrownBy(() -> drain(failing, 0)).hasMessage("cannot stack");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void workersStayWithinThePrefetchLimit() throws InterruptedException {
    var read = ConcurrentHashMap.<Integer>newKeySet();
    var eight = new CountDownLatch(8);
    Dataset<Integer> watched =
        Dataset.of(
            100,
            i -> "s" + i,
            (i, _) -> {
              read.add(i);
              eight.countDown();
              return i;
            });
    var options = LoaderOptions.of(4).withWorkers(4).withPrefetch(2);
    try (var batches = new DataLoader<>(watched, List::copyOf, options).epoch(0)) {
      eight.await();
      // All workers wait now or are about to: nobody may go beyond two batches of four.
      assertThat(read).hasSizeLessThanOrEqualTo(8);
      for (int taken = 1; taken <= 5; taken++) {
        batches.next();
        assertThat(read.size()).isLessThanOrEqualTo(4 * (taken + 2));
      }
    }
    assertThat(loaderThreads()).isEmpty();
  }

  @Test
  void closingEarlyEndsTheWorkers() {
    var loader = new DataLoader<>(numbers(1000), List::copyOf, LoaderOptions.of(4).withWorkers(3));
    var batches = loader.epoch(0);
    batches.next();
    assertThat(loaderThreads()).isNotEmpty().allMatch(Thread::isDaemon);
    batches.close();
    batches.close();
    assertThat(loaderThreads()).isEmpty();
    assertThat(batches.hasNext()).isFalse();
    assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void readingAndCollatingHappenOnTheWorkers() {
    var names = ConcurrentHashMap.<String>newKeySet();
    Dataset<Integer> watched =
        Dataset.of(
            20,
            i -> "s" + i,
            (i, _) -> {
              names.add(Thread.currentThread().getName());
              return i;
            });
    var loader =
        new DataLoader<>(
            watched,
            list -> {
              names.add(Thread.currentThread().getName());
              return list.size();
            },
            LoaderOptions.of(3).withWorkers(2));
    assertThat(drain(loader, 0)).hasSize(7);
    assertThat(names).isNotEmpty().allMatch(n -> n.startsWith("cortado-loader-"));
  }

  @Test
  void anInterruptedConsumerStops() {
    var loader = new DataLoader<>(numbers(100), List::copyOf, LoaderOptions.of(4).withWorkers(1));
    var batches = loader.epoch(0);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> {
              while (batches.hasNext()) {
                batches.next();
              }
            })
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    batches.close();
  }

  @Test
  void theCacheDecodesEachSampleOnce() {
    var decoded = new AtomicInteger();
    var cache = new SampleCache<byte[]>(50, 1_000_000, b -> b.length);
    Dataset<Integer> cached =
        Dataset.of(
            50,
            i -> "s" + i,
            (i, _) ->
                (int)
                    cache
                        .get(
                            i,
                            index -> {
                              decoded.incrementAndGet();
                              return new byte[] {(byte) index};
                            })[0]);
    var loader = new DataLoader<>(cached, List::copyOf, LoaderOptions.of(7).withWorkers(4));
    var first = drain(loader, 0);
    assertThat(drain(loader, 1)).isEqualTo(first);
    assertThat(decoded).hasValue(50);
    assertThat(cache.usedBytes()).isEqualTo(50);
    assertThat(cache.hits()).isEqualTo(50);
  }
}
