package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A linear map along one axis, of which each output position reads few inputs: for every output
 * position the input positions it is made of (its taps) and their weights. Immutable.
 *
 * <p>Interpolation, averages over windows and their gradients are such maps: the gradient of one is
 * the {@link #transposed} one.
 */
public final class Taps {
  private final int inputs;
  private final int[] starts;
  private final int[] sources;
  private final double[] weights;

  private Taps(int inputs, int[] starts, int[] sources, double[] weights) {
    this.inputs = inputs;
    this.starts = starts;
    this.sources = sources;
    this.weights = weights;
  }

  /** States the taps of output positions. */
  @FunctionalInterface
  public interface Rule {
    /** States the taps of output position {@code output}. */
    void taps(int output, Sink sink);
  }

  /** Receives taps. */
  @FunctionalInterface
  public interface Sink {
    /** Adds {@code weight} times the input at {@code source}. A source may be named twice. */
    void add(int source, double weight);
  }

  /**
   * Returns the map that {@code rule} states. Taps of weight 0 are left out.
   *
   * @throws CortadoException if a size is negative, or a tap lies outside the input
   */
  public static Taps of(int inputs, int outputs, Rule rule) {
    if (inputs < 0 || outputs < 0) {
      throw new CortadoException("cannot map " + inputs + " positions to " + outputs);
    }
    var builder = new Builder(inputs, outputs);
    for (int i = 0; i < outputs; i++) {
      rule.taps(i, builder);
      builder.finish(i);
    }
    return new Taps(
        inputs,
        builder.starts,
        Arrays.copyOf(builder.sources, builder.count),
        Arrays.copyOf(builder.weights, builder.count));
  }

  /** Returns the map that leaves {@code size} positions as they are. */
  public static Taps identity(int size) {
    return of(size, size, (i, sink) -> sink.add(i, 1));
  }

  /**
   * Returns the means over windows that cover the axis evenly, whatever its size: window i of n
   * over L positions is {@code floor(i·L/n) … ceil((i+1)·L/n)}.
   */
  public static Taps adaptiveMeans(int inputs, int outputs) {
    return of(
        inputs,
        outputs,
        (i, sink) -> {
          int from = adaptiveStart(i, inputs, outputs);
          int to = adaptiveEnd(i, inputs, outputs);
          for (int k = from; k < to; k++) {
            sink.add(k, 1.0 / (to - from));
          }
        });
  }

  /** Returns where window {@code i} of {@code outputs} over {@code inputs} positions begins. */
  public static int adaptiveStart(int i, int inputs, int outputs) {
    return (int) ((long) i * inputs / outputs);
  }

  /** Returns the position behind window {@code i} of {@code outputs} over {@code inputs}. */
  public static int adaptiveEnd(int i, int inputs, int outputs) {
    return (int) Math.ceilDiv((i + 1L) * inputs, (long) outputs);
  }

  private static final class Builder implements Sink {
    final int inputs;
    final int[] starts;
    int[] sources = new int[16];
    double[] weights = new double[16];
    int count;
    private int first;

    Builder(int inputs, int outputs) {
      this.inputs = inputs;
      this.starts = new int[outputs + 1];
    }

    @Override
    public void add(int source, double weight) {
      if (source < 0 || source >= inputs) {
        throw new CortadoException("tap " + source + " lies outside 0 … " + (inputs - 1));
      }
      for (int k = first; k < count; k++) {
        if (sources[k] == source) {
          weights[k] += weight;
          return;
        }
      }
      if (count == sources.length) {
        sources = Arrays.copyOf(sources, 2 * count);
        weights = Arrays.copyOf(weights, 2 * count);
      }
      sources[count] = source;
      weights[count++] = weight;
    }

    /** Drops taps that came to nothing. */
    void finish(int output) {
      int kept = first;
      for (int k = first; k < count; k++) {
        if (weights[k] != 0) {
          sources[kept] = sources[k];
          weights[kept++] = weights[k];
        }
      }
      count = kept;
      first = kept;
      starts[output + 1] = kept;
    }
  }

  /** Returns the number of input positions. */
  public int inputs() {
    return inputs;
  }

  /** Returns the number of output positions. */
  public int outputs() {
    return starts.length - 1;
  }

  /** Returns the number of the first tap of output position {@code output}. */
  public int from(int output) {
    return starts[output];
  }

  /** Returns the number behind the last tap of output position {@code output}. */
  public int to(int output) {
    return starts[output + 1];
  }

  /** Returns the input position that tap number {@code tap} reads. */
  public int source(int tap) {
    return sources[tap];
  }

  /** Returns the weight of tap number {@code tap}. */
  public double weight(int tap) {
    return weights[tap];
  }

  /** Returns the largest number of taps that an output position has. */
  public int most() {
    int most = 0;
    for (int i = 0; i < outputs(); i++) {
      most = Math.max(most, to(i) - from(i));
    }
    return most;
  }

  /** Returns the map that takes each output back to the inputs it was made of, equally weighted. */
  public Taps transposed() {
    int[] first = new int[inputs + 1];
    for (int source : sources) {
      first[source + 1]++;
    }
    for (int i = 0; i < inputs; i++) {
      first[i + 1] += first[i];
    }
    int[] next = first.clone();
    int[] from = new int[sources.length];
    double[] weight = new double[sources.length];
    for (int i = 0; i < outputs(); i++) {
      for (int k = from(i); k < to(i); k++) {
        int at = next[sources[k]]++;
        from[at] = i;
        weight[at] = weights[k];
      }
    }
    return new Taps(outputs(), first, from, weight);
  }

  /** Returns the same taps with {@code change} of each weight. */
  public Taps weighted(DoubleUnaryOperator change) {
    return new Taps(inputs, starts, sources, Arrays.stream(weights).map(change).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Taps t
        && inputs == t.inputs
        && Arrays.equals(starts, t.starts)
        && Arrays.equals(sources, t.sources)
        && Arrays.equals(weights, t.weights);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * inputs + Arrays.hashCode(sources)) + Arrays.hashCode(weights);
  }

  /** Returns for example {@code 7 to 3}. */
  @Override
  public String toString() {
    return inputs + " to " + outputs();
  }
}
