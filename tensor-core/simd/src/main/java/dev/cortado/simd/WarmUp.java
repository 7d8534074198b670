package dev.cortado.simd;

/**
 * Brings new loops to full speed soon. The JIT compiler optimises a method after some thousand
 * calls; until then its vectors are objects and every call is slow, so that a loop with much to do
 * in few calls stays slow for seconds. Calls with nothing to do count as well, and cost nothing:
 * while a loop is young, a batch of them goes before a call now and then.
 */
final class WarmUp {
  /** Empty calls in a batch. */
  static final int CALLS = 1000;

  private static final int BATCHES = 100;
  private static final long INTERVAL = 4_000_000; // nanoseconds

  // Not synchronised: a batch more or less does no harm.
  private int left = BATCHES;
  private long last = System.nanoTime() - INTERVAL;

  /** Returns whether it is time for a batch. */
  boolean due() {
    if (left <= 0) {
      return false;
    }
    long now = System.nanoTime();
    if (now - last < INTERVAL) {
      return false;
    }
    last = now;
    left--;
    return true;
  }
}
