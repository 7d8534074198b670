package dev.cortado.training.tensorboard;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cortado.tensor.CortadoException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the curves out of TensorBoard's event files, whoever wrote them: this project, PyTorch or
 * TensorFlow.
 */
public final class EventReader {
  // More than any event has; a damaged length must not become a request for memory.
  private static final long LARGEST_RECORD = 1L << 30;

  private EventReader() {}

  /**
   * A point of a curve.
   *
   * @param wallTime when it was written, in seconds since 1970
   * @param step its place
   * @param value its height
   */
  public record Point(double wallTime, long step, double value) {}

  /**
   * The curves of one event file: points by tag, in the file's order. A last record that is not
   * whole is left out, since its writer may still be at work.
   *
   * @throws CortadoException if the file cannot be read, or is damaged or no event file
   */
  public static Map<String, List<Point>> scalars(Path file) {
    var curves = new LinkedHashMap<String, List<Point>>();
    for (var record : records(file)) {
      try {
        readEvent(CodedInputStream.newInstance(record), curves);
      } catch (IOException e) {
        throw damaged(file, "a record is no event (" + e.getMessage() + ")", e);
      }
    }
    return curves;
  }

  /** The data of all whole records, checked. */
  static List<byte[]> records(Path file) {
    var records = new ArrayList<byte[]>();
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      long offset = 0;
      while (true) {
        var header = in.readNBytes(Frame.HEADER_BYTES);
        if (header.length < Frame.HEADER_BYTES) {
          return records;
        }
        int length = checkedLength(file, header, offset);
        var data = in.readNBytes(length);
        var footer = in.readNBytes(Frame.FOOTER_BYTES);
        if (footer.length < Frame.FOOTER_BYTES) {
          return records;
        }
        if (littleEndian(footer).getInt() != Frame.maskedCrc(data, 0, length)) {
          throw damaged(file, "wrong checksum of the record at byte " + offset, null);
        }
        records.add(data);
        offset += Frame.HEADER_BYTES + length + Frame.FOOTER_BYTES;
      }
    } catch (IOException e) {
      throw new CortadoException("cannot read the event file " + file + ": " + e.getMessage(), e);
    }
  }

  private static int checkedLength(Path file, byte[] header, long offset) {
    var buffer = littleEndian(header);
    long length = buffer.getLong();
    if (buffer.getInt() != Frame.maskedCrc(header, 0, Long.BYTES)) {
      var problem = offset == 0 ? "it does not begin like one" : "wrong length at byte " + offset;
      throw damaged(file, problem, null);
    }
    if (length < 0 || length > LARGEST_RECORD) {
      throw damaged(file, "a record of " + length + " bytes at byte " + offset, null);
    }
    return (int) length;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static CortadoException damaged(Path file, String problem, @Nullable Throwable cause) {
    return new CortadoException(
        file + " is damaged, or no TensorBoard event file: " + problem, cause);
  }

  private static void readEvent(CodedInputStream in, Map<String, List<Point>> curves)
      throws IOException {
    double wallTime = 0;
    long step = 0;
    var summaries = new ArrayList<CodedInputStream>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case Summaries.WALL_TIME -> wallTime = in.readDouble();
        case Summaries.STEP -> step = in.readInt64();
        case Summaries.SUMMARY -> summaries.add(nested(in));
        default -> in.skipField(tag);
      }
    }
    // The summary may stand before the step it belongs to.
    for (var summary : summaries) {
      for (int tag = summary.readTag(); tag != 0; tag = summary.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == Summaries.VALUE) {
          readValue(nested(summary), wallTime, step, curves);
        } else {
          summary.skipField(tag);
        }
      }
    }
  }

  private static void readValue(
      CodedInputStream in, double wallTime, long step, Map<String, List<Point>> curves)
      throws IOException {
    String name = "";
    var numbers = new ArrayList<Double>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case Summaries.TAG -> name = in.readString();
        case Summaries.SIMPLE_VALUE -> numbers.add((double) in.readFloat());
        case Summaries.TENSOR -> readTensor(nested(in), numbers);
        default -> in.skipField(tag);
      }
    }
    if (numbers.size() == 1) {
      var points = curves.computeIfAbsent(name, _ -> new ArrayList<>());
      points.add(new Point(wallTime, step, numbers.getFirst()));
    }
  }

  /** TensorFlow 2 writes a scalar as a tensor of rank 0, in any of three fields. */
  private static void readTensor(CodedInputStream in, List<Double> numbers) throws IOException {
    int type = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case Summaries.TENSOR_DTYPE -> type = in.readEnum();
        case Summaries.TENSOR_CONTENT -> {
          var content = littleEndian(in.readByteArray());
          while (type == Summaries.DT_FLOAT && content.remaining() >= Float.BYTES) {
            numbers.add((double) content.getFloat());
          }
          while (type == Summaries.DT_DOUBLE && content.remaining() >= Double.BYTES) {
            numbers.add(content.getDouble());
          }
        }
        case Summaries.TENSOR_FLOAT_VALUES -> {
          for (var values = packed(in, tag); !values.isAtEnd(); ) {
            numbers.add((double) values.readFloat());
          }
        }
        case Summaries.TENSOR_DOUBLE_VALUES -> {
          for (var values = packed(in, tag); !values.isAtEnd(); ) {
            numbers.add(values.readDouble());
          }
        }
        default -> in.skipField(tag);
      }
    }
  }

  /** Repeated numbers come packed, or one by one. */
  private static CodedInputStream packed(CodedInputStream in, int tag) throws IOException {
    return switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> nested(in);
      case WireFormat.WIRETYPE_FIXED32 -> CodedInputStream.newInstance(in.readRawBytes(4));
      default -> CodedInputStream.newInstance(in.readRawBytes(8));
    };
  }

  private static CodedInputStream nested(CodedInputStream in) throws IOException {
    return CodedInputStream.newInstance(in.readByteArray());
  }
}
