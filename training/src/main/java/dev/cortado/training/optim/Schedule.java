package dev.cortado.training.optim;

import dev.cortado.tensor.CortadoException;
import java.util.List;

/**
 * How the learning rate changes with time. Time counts what the user counts: epochs or steps, from
 * 0.
 */
public sealed interface Schedule {
  /**
   * Returns the learning rate.
   *
   * @param base the rate that was chosen
   * @param time from 0
   */
  double rate(double base, long time);

  /** Always the base. */
  record Constant() implements Schedule {
    @Override
    public double rate(double base, long time) {
      return base;
    }
  }

  /**
   * Half a cosine from the base to {@code least} at {@code length}; beyond, it rises again.
   * Loshchilov &amp; Hutter 2017.
   */
  record Cosine(long length, double least) implements Schedule {
    /** Checks the length. */
    public Cosine {
      requirePositive("length of a cosine", length);
    }

    @Override
    public double rate(double base, long time) {
      return least + (base - least) * 0.5 * (1 + Math.cos(Math.PI * time / length));
    }
  }

  /** The base times {@code factor} for every {@code every} that have passed. */
  record Step(long every, double factor) implements Schedule {
    /** Checks the length. */
    public Step {
      requirePositive("length of a step", every);
    }

    @Override
    public double rate(double base, long time) {
      return base * Math.pow(factor, (double) (time / every));
    }
  }

  /** The base times {@code factor} for every milestone that has been reached. */
  record Milestones(List<Long> at, double factor) implements Schedule {
    /** Copies the list. */
    public Milestones {
      at = List.copyOf(at);
    }

    @Override
    public double rate(double base, long time) {
      return base * Math.pow(factor, (double) at.stream().filter(mark -> mark <= time).count());
    }
  }

  /** The base times {@code factor} to the power of the time. */
  record Exponential(double factor) implements Schedule {
    @Override
    public double rate(double base, long time) {
      return base * Math.pow(factor, (double) time);
    }
  }

  /**
   * One cycle: along half a cosine from {@code highest / 25} up to {@code highest} in the first 30
   * % of {@code length}, then down to a 10,000th of where it began. The base has no say. Smith
   * &amp; Topin 2019.
   */
  record OneCycle(double highest, long length) implements Schedule {
    private static final double RISE = 0.3;
    private static final double START = 1.0 / 25;
    private static final double END = 1e-4;

    /** Checks the length. */
    public OneCycle {
      requirePositive("length of a cycle", length);
    }

    @Override
    public double rate(double base, long time) {
      double top = RISE * length - 1;
      double first = highest * START;
      return time <= top
          ? between(first, highest, time / top)
          : between(highest, first * END, Math.min(1, (time - top) / (length - 1 - top)));
    }

    private static double between(double from, double to, double share) {
      return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
  }

  /**
   * A gentle beginning before another schedule, whose own time begins when it is over: along a line
   * from {@code base · start} to the base, or constant at {@code base · start}. Goyal et al. 2017.
   */
  record WarmUp(long length, double start, boolean line, Schedule then) implements Schedule {
    /** Checks the length. */
    public WarmUp {
      requirePositive("length of a warm-up", length);
      if (!(start >= 0 && start <= 1)) {
        throw new CortadoException("a warm-up starts at a share of 0 to 1, got " + start);
      }
    }

    @Override
    public double rate(double base, long time) {
      if (time >= length) {
        return then.rate(base, time - length);
      }
      return base * (line ? start + (1 - start) * time / length : start);
    }
  }

  private static void requirePositive(String what, long value) {
    if (value < 1) {
      throw new CortadoException("the " + what + " must be at least 1, got " + value);
    }
  }
}
