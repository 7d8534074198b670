package dev.cortado.tensor.op;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import java.util.List;

/**
 * Random tensors. Element i, counted in row-major order, depends on the key and on i alone: the
 * same bits on each backend and thread count. See {@link RandomKey} for how the numbers are made.
 */
public record RandomOp(Distribution distribution, RandomKey key, Shape shape, DType dtype)
    implements Op {
  /** What is drawn. */
  public sealed interface Distribution {
    /** Uniform in [0, 1), multiples of 2⁻²⁴. */
    Distribution UNIFORM = new Uniform();

    /** Standard normal. */
    Distribution NORMAL = new Normal();

    /** Returns number {@code index} of the stream that {@code key} names. */
    double draw(RandomKey key, long index);
  }

  /** See {@link Distribution#UNIFORM}. */
  public record Uniform() implements Distribution {
    @Override
    public double draw(RandomKey key, long index) {
      return key.uniform(index);
    }
  }

  /** See {@link Distribution#NORMAL}. */
  public record Normal() implements Distribution {
    @Override
    public double draw(RandomKey key, long index) {
      return key.normal(index);
    }
  }

  /** Standard normal, under the condition that it lies between {@code low} and {@code high}. */
  public record TruncatedNormal(double low, double high) implements Distribution {
    /**
     * Checks the range.
     *
     * @throws CortadoException if there is nothing in it
     */
    public TruncatedNormal {
      if (!(low < high)) {
        throw new CortadoException("truncatedNormal: nothing lies between " + low + " and " + high);
      }
    }

    @Override
    public double draw(RandomKey key, long index) {
      return key.truncatedNormal(index, low, high);
    }
  }

  /** 1 with the given probability, in steps of 2⁻²⁴, else 0. The only one for BOOL tensors. */
  public record Bernoulli(double probability) implements Distribution {
    /**
     * Checks the probability.
     *
     * @throws CortadoException if it is not between 0 and 1
     */
    public Bernoulli {
      if (!(probability >= 0 && probability <= 1)) {
        throw new CortadoException(
            "bernoulli: a probability lies between 0 and 1, got " + probability);
      }
    }

    @Override
    public double draw(RandomKey key, long index) {
      return key.bernoulli(index, probability) ? 1 : 0;
    }
  }

  @Override
  public String name() {
    return switch (distribution) {
      case Uniform u -> "uniform";
      case Normal n -> "normal";
      case TruncatedNormal t -> "truncatedNormal";
      case Bernoulli b -> "bernoulli";
    };
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 0);
    boolean truths = dtype == DType.BOOL && distribution instanceof Bernoulli;
    Check.that(
        dtype.isFloating() || truths,
        this,
        inputs,
        "cannot draw " + dtype + ": expected a floating type");
    return List.of(new TensorSpec(shape, dtype));
  }
}
