package dev.cortado.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The elements behind one or more tensors. What kind it is says where the elements live: {@link
 * HostStorage} in Java arrays, {@link ShapeOnlyStorage} nowhere; devices bring their own.
 */
public abstract class Storage {
  private final DType dtype;
  private final int size;
  private volatile int version;
  private volatile @Nullable String writer;

  /** Creates a storage of {@code size} elements. */
  protected Storage(DType dtype, int size) {
    this.dtype = dtype;
    this.size = size;
  }

  /** Returns the type of the elements. */
  public final DType dtype() {
    return dtype;
  }

  /** Returns the number of elements. */
  public final int size() {
    return size;
  }

  /**
   * Returns how often the elements were overwritten in place. Autograd compares it with the version
   * it saved.
   */
  public final int version() {
    return version;
  }

  /** Returns the name of the op that overwrote the elements last, or null if none ever did. */
  public final @Nullable String writer() {
    return writer;
  }

  /** Notes that the op named {@code by} overwrote the elements in place. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // written by one thread, read by others
  public final void overwritten(String by) {
    writer = by;
    version++;
  }
}
