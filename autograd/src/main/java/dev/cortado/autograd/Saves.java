package dev.cortado.autograd;

/**
 * Which inputs and outputs of an op its derivative rule reads: only those are kept until backward.
 * One bit each.
 */
record Saves(long inputs, long outputs) {
  /** Nothing needs to be kept. */
  static final Saves NOTHING = new Saves(0, 0);

  /** Everything is kept, however many there are. */
  static final Saves EVERYTHING = new Saves(-1, -1);

  /** Returns this and input number {@code index}. */
  Saves input(int index) {
    return new Saves(inputs | bit(index), outputs);
  }

  /** Returns this and output number {@code index}. */
  Saves output(int index) {
    return new Saves(inputs, outputs | bit(index));
  }

  /** Returns this, and {@code more} if {@code condition} holds. */
  Saves and(boolean condition, Saves more) {
    return condition ? new Saves(inputs | more.inputs, outputs | more.outputs) : this;
  }

  boolean hasInput(int index) {
    return inputs == -1 || (index < Long.SIZE && (inputs & bit(index)) != 0);
  }

  boolean hasOutput(int index) {
    return outputs == -1 || (index < Long.SIZE && (outputs & bit(index)) != 0);
  }

  static long bit(int index) {
    if (index >= Long.SIZE) {
      throw new IllegalArgumentException(
          "an op with more than " + Long.SIZE + " inputs cannot keep all of them for its gradient");
    }
    return 1L << index;
  }
}
