package dev.cortado.training.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The bytes of a protocol-buffer message, field by field: event files need six messages, too few to
 * generate code for.
 */
final class Proto {
  private Proto() {}

  /** Writes the fields of a message. */
  @FunctionalInterface
  interface Fields {
    /** Writes every field that is set. */
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** A message with these fields. */
  static byte[] message(Fields fields) {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** Packed doubles as the content of a field. */
  static byte[] doubles(double[] values) {
    return message(
        out -> {
          for (double value : values) {
            out.writeDoubleNoTag(value);
          }
        });
  }
}
