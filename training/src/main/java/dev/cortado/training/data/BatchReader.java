package dev.cortado.training.data;

import dev.cortado.tensor.CortadoException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads samples and joins them: what a worker does, without the question who does it when. */
record BatchReader<T, B>(
    Dataset<T> data,
    Function<? super List<T>, ? extends B> collate,
    LoaderOptions options,
    Map<Integer, Skipped> skipped) {

  /** What became of a batch. */
  sealed interface Outcome<B> {
    /** It is there. */
    record Ready<B>(B batch) implements Outcome<B> {}

    /** None of its samples could be read; one of them as an example. */
    record Empty<B>(@Nullable Skipped first) implements Outcome<B> {}

    /** It stops the run. */
    record Failed<B>(Throwable problem) implements Outcome<B> {}
  }

  /** One epoch's batches, in order. */
  Plan<B> plan(int[] order, int samples, int epoch) {
    int size = options.batchSize();
    var batches =
        IntStream.range(0, Math.ceilDiv(samples, size))
            .mapToObj(b -> new Task(order, b * size, Math.min(samples, (b + 1) * size), epoch))
            .toList();
    return new Plan<>(new ArrayList<>(batches), samples, options);
  }

  /** An epoch's work. A batch is replaced by null once it has been handed over. */
  record Plan<B>(List<@Nullable Work<B>> batches, int samples, LoaderOptions options) {}

  /** One batch's work, cut into samples. */
  interface Work<B> {
    /** Reads one of the batch's samples; returns whether all of them have been read now. */
    boolean read(int slot);

    /** Joins the samples; called once, after the last was read. */
    Outcome<B> join();
  }

  /** The samples of one batch, each filled in by whichever worker took it. */
  private final class Task implements Work<B> {
    private final int[] order;
    private final int from;
    private final int epoch;
    private final List<@Nullable T> samples;
    private final @Nullable Throwable[] problems;
    private int missing;

    Task(int[] order, int from, int to, int epoch) {
      this.order = order;
      this.from = from;
      this.epoch = epoch;
      missing = to - from;
      samples = new ArrayList<>(Collections.nCopies(missing, null));
      problems = new Throwable[missing];
    }

    @Override
    public boolean read(int slot) {
      int index = order[from + slot];
      @Nullable T sample = null;
      @Nullable Throwable problem = null;
      try {
        sample =
            Objects.requireNonNull(
                data.read(index, Order.sampleKey(options.seed(), epoch, index)),
                "the dataset returned null");
      } catch (Throwable thrown) {
        problem = judge(index, thrown);
      }
      synchronized (this) {
        samples.set(slot, sample);
        problems[slot] = problem;
        missing--;
        return missing == 0;
      }
    }

    @Override
    public Outcome<B> join() {
      List<T> whole = new ArrayList<>();
      synchronized (this) {
        for (int slot = 0; slot < problems.length; slot++) {
          var problem = problems[slot];
          if (problem != null) {
            return new Outcome.Failed<>(problem);
          }
          T sample = samples.get(slot);
          if (sample != null) {
            whole.add(sample);
          }
        }
        samples.clear();
      }
      if (whole.isEmpty()) {
        return new Outcome.Empty<>(skipped.get(order[from]));
      }
      try {
        return new Outcome.Ready<>(collate.apply(whole));
      } catch (Throwable thrown) {
        return new Outcome.Failed<>(thrown);
      }
    }
  }

  /** Skips the sample and returns null, or returns what the consumer is to be told. */
  private @Nullable Throwable judge(int index, Throwable thrown) {
    var name = data.name(index);
    if (!(thrown instanceof CortadoException || thrown instanceof UncheckedIOException)) {
      // A fault of the program, not of the sample: it keeps its type and says where it happened.
      thrown.addSuppressed(new IllegalStateException("while reading " + name));
      return thrown;
    }
    var reason = reason(thrown);
    if (options.badSamples() == BadSamples.SKIP) {
      // Messages begin with the file's name, which need not be said twice.
      var bare = reason.startsWith(name + ": ") ? reason.substring(name.length() + 2) : reason;
      skipped.put(index, new Skipped(name, bare));
      return null;
    }
    return new CortadoException(
        reason.contains(name) ? reason : "cannot read " + name + ": " + reason, thrown);
  }

  private static String reason(Throwable thrown) {
    // An UncheckedIOException's own message starts with the cause's class name.
    var speaking =
        thrown instanceof UncheckedIOException io && io.getCause() != null ? io.getCause() : thrown;
    var message = speaking.getMessage();
    return message == null || message.isBlank() ? speaking.getClass().getSimpleName() : message;
  }
}
