package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Memory;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.SafetensorsHeader.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Reads and writes <a href="https://github.com/huggingface/safetensors">safetensors</a> files: the
 * length of a JSON header (8 bytes, little-endian), the header (name → type, shape, byte range),
 * the elements of all tensors, little-endian and row-major.
 *
 * <p>Reading is strict, as files come from strangers: plain integers only, no name twice, ranges
 * that cover the data exactly, sizes that agree with shapes, and every length checked before memory
 * is taken for it. Whatever does not fit is refused in one line that names file and reason.
 *
 * <p>F64, F32, F16, BF16, I64, I32 and BOOL become tensors of that type. The others become the
 * narrowest type that holds all their numbers: I16, U16, I8 and U8 become I32; U32 and U64 become
 * I64 (a U64 from 2⁶³ on is refused); F8_E4M3 and F8_E5M2 become F16. Complex numbers and floating
 * types of less than a byte, or without a sign, are refused.
 */
public final class Safetensors {
  private static final int LENGTH_BYTES = 8;
  private static final long LONGEST_HEADER = 100_000_000;

  private Safetensors() {}

  /**
   * Reads a file, each tensor straight into its own array.
   *
   * @throws CortadoException if there is no such file, it is not a safetensors file to the letter,
   *     or the Java heap is too small for it
   */
  public static TensorFile read(Path path) {
    FileProblem.requireReadable(path);
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new Reading(path.toString(), channel.size(), into -> Elements.fill(channel, into))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a stream to its end, for example a resource. The whole stream is in memory beside the
   * tensors for a moment; for big files use {@link #read(Path)}. Does not close the stream.
   *
   * @param name what messages call the stream
   * @throws CortadoException if it is not a safetensors file to the letter
   */
  public static TensorFile read(InputStream stream, String name) {
    try {
      var bytes = ByteBuffer.wrap(stream.readAllBytes());
      return new Reading(name, bytes.remaining(), into -> Elements.fill(bytes, into)).run();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Writes tensors to a file, atomically: the file is either as it was before, or complete. Missing
   * folders are made. The header lists the tensors in the order of the map; in the data the wider
   * types come first, so that every tensor is aligned to its element size.
   *
   * @throws CortadoException if the file cannot be written
   */
  public static void write(
      Path path, Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
    SafetensorsWriter.write(path, tensors, metadata);
  }

  /** Reads one file, front to back. */
  private record Reading(String name, long size, Elements.Source source) {
    TensorFile run() throws IOException {
      try {
        return read();
      } catch (Refused e) {
        throw new CortadoException(name + " is not a usable safetensors file: " + e.getMessage());
      }
    }

    private TensorFile read() throws IOException, Refused {
      if (size < LENGTH_BYTES) {
        throw new Refused(
            size == 0 ? "it is empty" : "it has only " + size + " bytes, too few for a header");
      }
      byte[] first = new byte[LENGTH_BYTES];
      source.read(ByteBuffer.wrap(first));
      long headerBytes = headerLength(first);
      long dataBytes = size - LENGTH_BYTES - headerBytes;
      var header = SafetensorsHeader.parse(headerText((int) headerBytes), dataBytes);
      Memory.require("the tensors in " + name, heapBytes(header));
      return new TensorFile(name, tensors(header, dataBytes), header.metadata());
    }

    private long headerLength(byte[] first) throws Refused {
      long bytes = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (bytes < 0 || bytes > LONGEST_HEADER || bytes > size - LENGTH_BYTES) {
        throw new Refused(
            "its header would be %s bytes long, %s%s"
                .formatted(
                    Long.toUnsignedString(bytes),
                    bytes < 0 || bytes > LONGEST_HEADER
                        ? "and at most " + LONGEST_HEADER + " are allowed"
                        : "longer than the file, which is cut short or something else",
                    FileProblem.likelyKind(first)));
      }
      if (bytes == 0) {
        throw new Refused("its header is empty");
      }
      return bytes;
    }

    private String headerText(int bytes) throws IOException, Refused {
      var buffer = ByteBuffer.allocate(bytes);
      source.read(buffer);
      buffer.flip();
      if (buffer.get(0) != '{') {
        throw new Refused("the header does not begin with '{'");
      }
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
      } catch (CharacterCodingException e) {
        throw new Refused("the header is not UTF-8 text");
      }
    }

    private SequencedMap<String, Tensor> tensors(SafetensorsHeader header, long dataBytes)
        throws IOException, Refused {
      var inFileOrder =
          header.entries().stream()
              .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
              .toList();
      var elements = new Elements();
      var arrays = new HashMap<String, Object>();
      for (var entry : inFileOrder) {
        var what = "tensor " + Quoted.of(entry.name());
        long begin = size - dataBytes + entry.begin();
        var run =
            new Elements.Run(what, entry.type(), ByteOrder.LITTLE_ENDIAN, entry.elements(), begin);
        arrays.put(entry.name(), elements.read(run, source));
      }
      var tensors = new LinkedHashMap<String, Tensor>();
      for (var entry : header.entries()) {
        var array = Objects.requireNonNull(arrays.get(entry.name()));
        tensors.put(
            entry.name(), Tensor.wrap(entry.type().dtype(), array, Shape.of(entry.shape())));
      }
      return tensors;
    }

    private static long heapBytes(SafetensorsHeader header) {
      return header.entries().stream()
          .mapToLong(e -> (long) e.elements() * e.type().dtype().bytes())
          .sum();
    }
  }
}
