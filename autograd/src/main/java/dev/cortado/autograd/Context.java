package dev.cortado.autograd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What autograd knows of a thread: what it is inside of. */
final class Context {
  private static final ThreadLocal<Context> CURRENT = ThreadLocal.withInitial(Context::new);

  /** How many bodies of noGrad and inference this thread is inside of. */
  private int pauses;

  private int inferences;
  private int recomputations;

  /** Whether results are searched for NaN and infinities. */
  boolean detecting;

  /** Whether rules are running now, whose inner ops have no name for a user. */
  boolean backward;

  /** What the innermost checkpoint that is being computed writes down; null outside. */
  @Nullable Capture capture;

  private final Deque<Supplier<String>> places = new ArrayDeque<>();

  private Context() {}

  static Context current() {
    return CURRENT.get();
  }

  boolean isPaused() {
    return pauses > 0;
  }

  boolean isInference() {
    return inferences > 0;
  }

  boolean isRecomputing() {
    return recomputations > 0;
  }

  /** Runs {@code body} without recording. */
  <T> T paused(Supplier<T> body) {
    pauses++;
    try {
      return body.get();
    } finally {
      pauses--;
    }
  }

  /** Runs {@code body} without recording and without anything that asks for it. */
  <T> T inference(Supplier<T> body) {
    inferences++;
    try {
      return paused(body);
    } finally {
      inferences--;
    }
  }

  /** Runs {@code body} with recording, wherever it is called. */
  <T> T recording(Supplier<T> body) {
    int before = pauses;
    pauses = 0;
    try {
      return body.get();
    } finally {
      pauses = before;
    }
  }

  /** Runs {@code body} with recording as something that is computed for a second time. */
  <T> T recomputing(Supplier<T> body) {
    recomputations++;
    try {
      return recording(body);
    } finally {
      recomputations--;
    }
  }

  /** Runs {@code body}; whatever is recorded meanwhile comes from {@code place}. */
  <T> T at(Supplier<String> place, Supplier<T> body) {
    places.push(place);
    try {
      return body.get();
    } finally {
      places.pop();
    }
  }

  /** Returns the innermost place, or null outside of all. */
  @Nullable String place() {
    var place = places.peek();
    return place == null ? null : place.get();
  }
}
