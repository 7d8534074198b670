package dev.cortado.training.data;

import dev.cortado.tensor.RandomKey;
import java.util.function.IntFunction;

/**
 * Samples that can be asked for by number.
 *
 * @param <T> what a sample is, for example an image with its label
 */
public interface Dataset<T> {

  /** How a sample is read; called by several worker threads at once. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Reads one sample.
     *
     * @param index the sample, {@code 0 … size-1}
     * @param key the source of every random choice made on the way
     */
    T read(int index, RandomKey key);
  }

  /** How many samples there are. */
  int size();

  /**
   * Reads one sample. Worker threads call this concurrently, so it must be thread-safe.
   *
   * @param index the sample, {@code 0 … size-1}
   * @param key the source of every random choice made on the way
   * @throws dev.cortado.tensor.CortadoException if the sample itself is bad (no image, truncated):
   *     whether the run skips it or stops is the loader's option
   * @throws java.io.UncheckedIOException likewise, if it cannot be read; any other exception is
   *     taken for a fault in the program and always stops the run
   */
  T read(int index, RandomKey key);

  /** What a person calls this sample: its file, as a rule. */
  default String name(int index) {
    return "sample " + index;
  }

  /** A dataset out of its three parts. */
  static <T> Dataset<T> of(int size, IntFunction<String> name, Reader<T> reader) {
    return new Dataset<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public T read(int index, RandomKey key) {
        return reader.read(index, key);
      }

      @Override
      public String name(int index) {
        return name.apply(index);
      }
    };
  }
}
