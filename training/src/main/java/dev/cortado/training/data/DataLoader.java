package dev.cortado.training.data;

import dev.cortado.tensor.CortadoException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * Turns a dataset into batches, epoch by epoch, with worker threads reading ahead.
 *
 * <p>What comes out depends on the dataset, the seed, the epoch and the batch size, never on the
 * number of workers or their luck: the order is fixed before the first sample is read ({@link
 * Order}), so are each sample's random numbers, and batches come out in order.
 *
 * <pre>{@code
 * var loader = new DataLoader<>(photos, Batch::stack, LoaderOptions.of(32).shuffled(seed));
 * try (var batches = loader.epoch(0)) {
 *   while (batches.hasNext()) {
 *     step(batches.next());
 *   }
 * }
 * }</pre>
 *
 * @param <T> a sample
 * @param <B> a batch
 */
public final class DataLoader<T, B> {
  private final Dataset<T> data;
  private final Function<? super List<T>, ? extends B> collate;
  private final LoaderOptions options;
  private final ConcurrentSkipListMap<Integer, Skipped> skipped = new ConcurrentSkipListMap<>();

  /**
   * Creates a loader; nothing is read yet.
   *
   * @param data the samples
   * @param collate makes one batch out of its samples; runs on the worker threads
   * @param options how to read
   * @throws CortadoException if there is not even one batch to read
   */
  public DataLoader(
      Dataset<T> data, Function<? super List<T>, ? extends B> collate, LoaderOptions options) {
    this.data = data;
    this.collate = collate;
    this.options = options;
    if (data.size() == 0) {
      throw new CortadoException("the dataset is empty: there is nothing to load");
    }
    if (batches() == 0) {
      throw new CortadoException(
          "a dataset of %d samples has no full batch of %d, and incomplete ones are dropped"
              .formatted(data.size(), options.batchSize()));
    }
  }

  /** How many batches an epoch has, when no sample is skipped. */
  public int batches() {
    return options.dropLast()
        ? data.size() / options.batchSize()
        : Math.ceilDiv(data.size(), options.batchSize());
  }

  /** How many samples an epoch has, when none is skipped. */
  public int samples() {
    return options.dropLast() ? batches() * options.batchSize() : data.size();
  }

  /** The options this loader was made with. */
  public LoaderOptions options() {
    return options;
  }

  /**
   * Starts reading one epoch.
   *
   * @param epoch the epoch, counted from 0; decides the order and the samples' random numbers
   * @return its batches; close them, so that the workers end also when an epoch is left early
   */
  public Batches<B> epoch(int epoch) {
    var order =
        options.shuffle()
            ? Order.shuffled(data.size(), options.seed(), epoch)
            : Order.sequential(data.size());
    var reader = new BatchReader<T, B>(data, collate, options, skipped);
    return new Batches<>(reader.plan(order, samples(), epoch));
  }

  /**
   * The samples left out so far because they could not be read, each once, by index. The list is
   * complete for every epoch that has been read to its end.
   */
  public List<Skipped> skipped() {
    return List.copyOf(skipped.values());
  }
}
