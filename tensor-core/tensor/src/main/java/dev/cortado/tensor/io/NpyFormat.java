package dev.cortado.tensor.io;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Memory;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Elements.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One array in npy form, wherever its bytes come from or go. */
final class NpyFormat {
  private final Elements elements = new Elements();

  /**
   * Reads one array, which has to end where the file does.
   *
   * @param name what messages call the file
   * @param size the number of bytes
   */
  Tensor read(String name, long size, Elements.Source source) throws IOException, Refused {
    byte[] first = next(source, (int) Math.min(NpyHeader.FIXED, size));
    if (first.length == NpyHeader.FIXED && first[6] != 1 && size > NpyHeader.FIXED) {
      // Later versions have two more bytes of length; a wrong version is refused all the same.
      byte[] more = next(source, (int) Math.min(2, size - first.length));
      first = Arrays.copyOf(first, first.length + more.length);
      System.arraycopy(more, 0, first, NpyHeader.FIXED, more.length);
    }
    var prefix = NpyHeader.prefix(first, size);
    var header = NpyHeader.parse(prefix, next(source, prefix.length()), size);
    var dtype = header.type().dtype();
    Memory.require("the array in " + name, (long) header.elements() * dtype.bytes());
    var run =
        new Run("the array", header.type(), header.order(), header.elements(), header.begin());
    return tensor(header, elements.read(run, source));
  }

  /** In Fortran's order the elements are those of the reversed shape, row-major. */
  private static Tensor tensor(NpyHeader header, Object array) {
    var dtype = header.type().dtype();
    int[] shape = header.shape();
    if (!header.fortran()) {
      return Tensor.wrap(dtype, array, Shape.of(shape));
    }
    int[] reversed = new int[shape.length];
    Arrays.setAll(reversed, i -> shape[shape.length - 1 - i]);
    return turned(Tensor.wrap(dtype, array, Shape.of(reversed)));
  }

  private static byte[] next(Elements.Source source, int count) throws IOException, Refused {
    var buffer = ByteBuffer.allocate(count);
    source.read(buffer);
    return buffer.array();
  }

  /**
   * Writes one array: in Fortran's order if that is how it lies in memory, else row-major. BF16,
   * which NumPy does not know, is written as F32.
   */
  void write(Tensor tensor, Elements.Sink sink) throws IOException {
    var x = tensor.dtype() == DType.BF16 ? HalfPrecision.widen(tensor.detach()) : tensor.detach();
    var turned = turned(x);
    boolean fortran =
        !x.layout().isContiguous(x.shape()) && turned.layout().isContiguous(turned.shape());
    sink.write(ByteBuffer.wrap(NpyHeader.encode(x.dtype(), x.shape(), fortran)));
    elements.write(fortran ? turned : x, sink);
  }

  /** Returns the axes in reverse order. */
  private static Tensor turned(Tensor x) {
    int[] order = new int[x.rank()];
    Arrays.setAll(order, i -> order.length - 1 - i);
    return x.permute(order);
  }
}
