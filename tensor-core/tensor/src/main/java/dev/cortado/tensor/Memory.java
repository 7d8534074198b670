package dev.cortado.tensor;

/** Asks for memory before it is needed, so that too little of it is one clear line. */
public final class Memory {
  private static final double MIB = 1 << 20;

  private Memory() {}

  /**
   * Checks that the Java heap has room for {@code bytes} more.
   *
   * @param what what the bytes are for, the subject of the message: "the weights in
   *     vit.safetensors"
   * @throws CortadoException that says how much is needed, how much there is and what to do
   */
  public static void require(String what, long bytes) {
    long limit = Runtime.getRuntime().maxMemory();
    if (bytes > limit || (bytes > limit - used() && bytes > limit - usedAfterCollection())) {
      throw new CortadoException(
          "too little memory: "
              + what
              + " needs "
              + mebibytes(bytes)
              + ", but the Java heap is limited to "
              + mebibytes(limit)
              + ", of which "
              + mebibytes(Math.max(0, limit - used()))
              + " are free; give it more, for example with -Xmx"
              + suggestion(bytes)
              + "g");
    }
  }

  /** Returns how many bytes of the Java heap are free or can become so, garbage collected. */
  public static long available() {
    return Math.max(0, Runtime.getRuntime().maxMemory() - usedAfterCollection());
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** What is in use includes garbage; only when that seems to matter is it worth collecting. */
  private static long usedAfterCollection() {
    System.gc();
    return used();
  }

  /** Returns whole GiB that hold what is in use, {@code bytes} and some air. */
  private static long suggestion(long bytes) {
    double gib = ((double) used() + bytes) * 1.25 / (1L << 30);
    return (long) Math.ceil(gib);
  }

  private static String mebibytes(long bytes) {
    return String.format(java.util.Locale.ROOT, "%,.0f MiB", Math.ceil(bytes / MIB));
  }
}
