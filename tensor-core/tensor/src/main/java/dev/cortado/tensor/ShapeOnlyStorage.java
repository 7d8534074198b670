package dev.cortado.tensor;

/**
 * A storage without elements, for tensors of which only shape and type matter: a model built and
 * run on such tensors costs neither memory nor time, and still tells the name and shape of every
 * entry and every intermediate result.
 */
public final class ShapeOnlyStorage extends Storage {
  /** Creates a storage that has a type and a size and nothing else. */
  public ShapeOnlyStorage(DType dtype, int size) {
    super(dtype, size);
  }
}
