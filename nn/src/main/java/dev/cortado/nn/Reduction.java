package dev.cortado.nn;

/** What becomes of the losses of single elements. */
public enum Reduction {
  /** Their mean. */
  MEAN,
  /** Their sum. */
  SUM,
  /** They stay as they are. */
  NONE
}
