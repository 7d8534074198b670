package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads and writes NumPy's <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">npy</a> files: one
 * array each, with its type and shape.
 *
 * <p>Versions 1.0 to 3.0, both byte orders and both orders of elements are read; an array in
 * Fortran's order becomes a transposed view. float16, float32, float64, int32, int64 and bool
 * become tensors of that type; int8, uint8, int16 and uint16 become I32; uint32 and uint64 become
 * I64 (a uint64 from 2⁶³ on is refused). Complex numbers, texts, dates, records and Python objects
 * are refused. What does not fit is refused in one line that names file, byte and reason.
 *
 * <p>Files are written in version 1.0, little-endian, aligned to 64 bytes as NumPy does; a tensor
 * that lies in Fortran's order is written in it. BF16, which NumPy does not know, becomes float32.
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads a file.
   *
   * @throws CortadoException if there is no such file, it is not an npy file that Cortado reads, or
   *     the Java heap is too small for it
   */
  public static Tensor read(Path path) {
    FileProblem.requireReadable(path);
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return read(path.toString(), channel.size(), into -> Elements.fill(channel, into));
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + FileProblem.reason(e), e);
    }
  }

  /**
   * Reads a stream to its end, for example a resource. Does not close the stream.
   *
   * @param name what messages call the stream
   * @throws CortadoException if it is not an npy file that Cortado reads
   */
  public static Tensor read(InputStream stream, String name) {
    try {
      var bytes = ByteBuffer.wrap(stream.readAllBytes());
      return read(name, bytes.remaining(), into -> Elements.fill(bytes, into));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read: " + FileProblem.reason(e), e);
    }
  }

  private static Tensor read(String name, long size, Elements.Source source) throws IOException {
    try {
      return new NpyFormat().read(name, size, source);
    } catch (Refused e) {
      throw new CortadoException(name + " is not a usable npy file: " + e.getMessage());
    }
  }

  /**
   * Writes a tensor to a file, atomically: the file is either as it was before, or complete.
   * Missing folders are made.
   *
   * @throws CortadoException if the file cannot be written
   */
  public static void write(Path path, Tensor tensor) {
    AtomicFile.writeChannel(
        path,
        channel -> new NpyFormat().write(tensor, buffer -> Elements.writeFully(channel, buffer)));
  }
}
