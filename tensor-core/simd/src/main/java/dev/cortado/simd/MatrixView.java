package dev.cortado.simd;

/**
 * A matrix inside an array: element {@code (i, j)} is {@code data[offset + i·rowStride +
 * j·colStride]}. Strides may be anything, also 0 (a broadcast row or column).
 *
 * @param data the array
 * @param offset index of element (0, 0)
 * @param rowStride distance from one row to the next
 * @param colStride distance from one column to the next
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record MatrixView(float[] data, int offset, int rowStride, int colStride) {
  /** Returns a row-major matrix with {@code columns} columns that starts at {@code offset}. */
  public static MatrixView rowMajor(float[] data, int offset, int columns) {
    return new MatrixView(data, offset, columns, 1);
  }

  /** Returns the same elements with rows and columns swapped. */
  public MatrixView transposed() {
    return new MatrixView(data, offset, colStride, rowStride);
  }

  /** Returns the same matrix {@code elements} further on in the array. */
  MatrixView shifted(int elements) {
    return new MatrixView(data, offset + elements, rowStride, colStride);
  }
}
