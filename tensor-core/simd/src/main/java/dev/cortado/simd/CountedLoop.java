package dev.cortado.simd;

/**
 * A loop that runs as often as it is told, for {@link WarmUp}.
 *
 * @param all rounds that take long enough to be measured
 * @param few rounds that do next to nothing, but enter the loop
 * @param body the loop
 */
record CountedLoop(int all, int few, Body body) implements WarmUp.Loop {
  /** A loop over a scratch array. */
  interface Body {
    /** Runs the loop {@code count} times. */
    void run(float[] scratch, int count);
  }

  @Override
  public void work(float[] scratch) {
    body.run(scratch, all);
  }

  @Override
  public void nothing(float[] scratch) {
    body.run(scratch, 0);
  }

  @Override
  public void little(float[] scratch) {
    body.run(scratch, few);
  }
}
