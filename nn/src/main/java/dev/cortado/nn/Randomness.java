package dev.cortado.nn;

import dev.cortado.autograd.Autograd;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where dropout and stochastic depth get their random keys from. Each call of {@link #next} inside
 * {@link #with} gives the next key in a fixed order, so a step with the same key drops the same
 * elements again.
 */
public final class Randomness {
  private static final ThreadLocal<@Nullable Randomness> CURRENT = new ThreadLocal<>();

  static {
    Autograd.recomputeWith(Randomness::bookmark);
  }

  private final RandomKey key;
  private long used;

  private Randomness(RandomKey key) {
    this.key = key;
  }

  /** Returns what has this thread draw the keys that come next once more. */
  private static Runnable bookmark() {
    var current = CURRENT.get();
    if (current == null) {
      return CURRENT::remove;
    }
    long next = current.used;
    return () -> {
      var again = new Randomness(current.key);
      again.used = next;
      CURRENT.set(again);
    };
  }

  /** Runs {@code body} on this thread with keys drawn from {@code key}. */
  public static <T> T with(RandomKey key, Supplier<T> body) {
    var before = CURRENT.get();
    CURRENT.set(new Randomness(key));
    try {
      return body.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /**
   * Returns a key that nobody else gets.
   *
   * @throws CortadoException outside of {@link #with}
   */
  public static RandomKey next() {
    var current = CURRENT.get();
    if (current == null) {
      throw new CortadoException(
          "dropout in training mode needs a random key: run the step inside"
              + " Randomness.with(key, ...), or call eval() first");
    }
    return current.key.split(current.used++);
  }
}
