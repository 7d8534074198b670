package dev.cortado.training.data;

/** What becomes of a sample that cannot be read. */
public enum BadSamples {
  /** It is left out of its batch and listed in {@link DataLoader#skipped()}. */
  SKIP,
  /** It stops the run, by name. */
  FAIL
}
