package dev.cortado.training.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TFRecord framing: a record is its length (8 bytes), the length's checksum (4), the data, and the
 * data's checksum (4), all little endian.
 *
 * <p>Checksums are CRC-32C, rotated and shifted so that a checksum stored as data does not lead to
 * trouble when checksummed in turn.
 *
 * <p>Source: tensorflow/core/lib/io/record_writer.h and tensorflow/core/lib/hash/crc32c.h.
 */
final class Frame {
  /** Bytes before the data: the length and its checksum. */
  static final int HEADER_BYTES = 12;

  /** Bytes after the data: its checksum. */
  static final int FOOTER_BYTES = 4;

  private static final int MASK = 0xa282ead8;

  private Frame() {}

  /** The masked checksum of some bytes. */
  static int maskedCrc(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  /** Writes one record. */
  static void write(OutputStream out, byte[] data) throws IOException {
    var frame =
        ByteBuffer.allocate(HEADER_BYTES + data.length + FOOTER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(data.length);
    frame.putInt(maskedCrc(frame.array(), 0, Long.BYTES));
    frame.put(data);
    frame.putInt(maskedCrc(data, 0, data.length));
    out.write(frame.array());
  }
}
