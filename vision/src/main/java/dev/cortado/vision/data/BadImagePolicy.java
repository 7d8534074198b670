package dev.cortado.vision.data;

/** What becomes of an image file that cannot be read. */
public enum BadImagePolicy {
  /** It is left out and named in a list at the end. */
  SKIP,

  /** The run stops with a message that names it. */
  FAIL
}
