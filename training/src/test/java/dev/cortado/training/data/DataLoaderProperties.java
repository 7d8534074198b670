package dev.cortado.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DataLoaderProperties {

  private record Sample(int index, long random) {}

  private static List<List<Sample>> load(int size, LoaderOptions options, int epoch) {
    Dataset<Sample> data = Dataset.of(size, i -> "s" + i, (i, key) -> new Sample(i, key.word(0)));
    var all = new ArrayList<List<Sample>>();
    try (var batches =
        new DataLoader<Sample, List<Sample>>(data, List::copyOf, options).epoch(epoch)) {
      batches.forEachRemaining(all::add);
    }
    return all;
  }

  @Property(tries = 60)
  void batchesDependOnSeedsAlone(
      @ForAll @IntRange(min = 1, max = 120) int size,
      @ForAll @IntRange(min = 1, max = 40) int batchSize,
      @ForAll @IntRange(max = 6) int workers,
      @ForAll @IntRange(min = 1, max = 4) int prefetch,
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int epoch) {
    var options = LoaderOptions.of(batchSize).shuffled(seed);
    var plain = load(size, options.withWorkers(0), epoch);
    var threaded = load(size, options.withWorkers(workers).withPrefetch(prefetch), epoch);

    assertThat(threaded).isEqualTo(plain);
    var flat = threaded.stream().flatMap(List::stream).toList();
    // The batch size cuts the sequence and changes nothing else.
    var expected =
        IntStream.of(Order.shuffled(size, seed, epoch))
            .mapToObj(i -> new Sample(i, Order.sampleKey(seed, epoch, i).word(0)))
            .toList();
    assertThat(flat).isEqualTo(expected);
    assertThat(threaded.subList(0, threaded.size() - 1)).allMatch(b -> b.size() == batchSize);
  }
}
